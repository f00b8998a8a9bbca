import { request } from "undici";

/** An alert as it is posted; it began an hour ago, so that no `group_wait` holds it back. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly generatorURL?: string;
}

/** Posts alerts to an Alertmanager. @throws Error where it does not take them */
export async function postAlerts(url: string, alerts: readonly PostedAlert[]): Promise<void> {
  const startsAt = new Date(Date.now() - 3_600_000).toISOString();
  const { statusCode, body } = await request(`${url}/api/v2/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(alerts.map((alert) => ({ ...alert, startsAt }))),
  });
  const said = await body.text();
  if (statusCode !== 200) throw new Error(`${statusCode} ${said}`);
}
