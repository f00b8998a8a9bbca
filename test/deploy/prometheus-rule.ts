const HEAD = `# rules/prometheus/triton-sentinel.yml in the words of the Prometheus operator. Change it there; a test sees to it that both agree.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: triton-sentinel
spec:
`;

/** A Prometheus rule file as an object of the Prometheus operator: its groups as they are written, one level deeper. */
export function prometheusRule(rules: string): string {
  const groups = rules.slice(rules.search(/^groups:/m));
  return HEAD + groups.replace(/^(?=.)/gm, "  ");
}
