/** A configuration that says something in every section, with a text in every place where a secret goes. */
export function wholeConfig(secret: string): string {
  const hidden = JSON.stringify(secret);
  const hook = JSON.stringify(`https://chat.example.com/hook/${encodeURIComponent(secret)}`);
  return `
global:
  scrape_interval: 20s
  scrape_timeout: 5s
  evaluation_interval: 1m
  external_labels: { cluster: eu-1, odd: "$\${NAME} 0x10 ~" }
sensitivity: { false_alarms_per_week: 2.5 }
inhibit_rules:
  - source_matchers: ['severity = critical', 'model!~"a\\"b|c,d"']
    target_matchers: ['{alertname=~"Triton.*", severity!=critical}']
    equal: [instance, model]
    began_within: 10m
scrape_configs:
  - job_name: triton
    scheme: https
    metrics_path: /m
    scrape_interval: 10s
    scrape_timeout: 4s
    static_configs:
      - targets: ["gpu-7:8002", "[2001:db8::1]:8002"]
        labels: { rack: "007", __param_x: y, __scheme__: http }
    file_sd_configs: [{ files: ["/etc/triton/*.yml", "t.json"], refresh_interval: 1h30m }]
    http_sd_configs:
      - url: http://inventory.example.com/tritons?zone=a
        basic_auth: { username: monitor, password: ${hidden} }
        tls_config: { ca_file: ca.pem, server_name: inventory, insecure_skip_verify: true }
    dns_sd_configs:
      - names: [_metrics._tcp.triton.example.com]
      - { names: [triton.example.com], type: AAAA, port: 8002 }
    kubernetes_sd_configs:
      - role: pod
        api_server: https://k8s.example.com:6443
        namespaces: { names: [ml], own_namespace: true }
        selectors: [{ role: pod, label: app=triton, field: status.phase=Running }]
        authorization: { credentials: ${hidden} }
    relabel_configs:
      - { source_labels: [__meta_filepath, b], separator: "/", regex: "(?i)a+(.*)", target_label: "x_$1", replacement: "$\${1}" }
      - { action: keep, source_labels: [a], regex: "a|b" }
      - { action: hashmod, source_labels: [a], modulus: 7, target_label: __tmp_hash }
      - { action: keepequal, source_labels: [a], target_label: b }
      - { action: labelmap, regex: "__meta_(.+)" }
    metric_relabel_configs:
      - { action: labeldrop, regex: tmp_.* }
      - { action: lowercase, source_labels: [model], target_label: model }
    authorization: { type: Token, credentials: ${hidden} }
    body_size_limit: 1000B
    sample_limit: 10
    label_value_length_limit: 20
    honor_labels: true
rule_files: [mine/*.yml]
packaged_rules: false
alerting:
  alert_relabel_configs: [{ action: drop, source_labels: [severity], regex: info }]
  resend_delay: 2m
  alertmanagers:
    - scheme: https
      path_prefix: /am/
      api_version: v2
      timeout: 3s
      static_configs: [{ targets: ["am-1:9093"], labels: { zone: a } }]
      dns_sd_configs: [{ names: [am.example.com], type: A, port: 9093, refresh_interval: 5s }]
      relabel_configs: [{ source_labels: [zone], target_label: __scheme__, replacement: http }]
      alert_relabel_configs: [{ action: uppercase, source_labels: [a], target_label: b }]
      basic_auth: { username: u, password: ${hidden} }
outputs:
  email:
    - name: operators
      to: 'Ops <ops@example.com>, "On, call" <oncall@example.com>'
      from: sentinel@example.com
      smarthost: smtp.example.com:465
      hello: sentinel.example.com
      auth_username: sentinel
      auth_password: ${hidden}
      tls_config: { cert_file: c.pem, key_file: k.pem }
      match: 'severity=~"critical|warning", model!="a\\"b"'
      send_resolved: false
      group_by: ["..."]
    - { name: plain, to: [a@b.example], from: c@d.example, smarthost: "[::1]:25", require_tls: false, timeout: 1s }
  webhook:
    - name: chat
      url: ${hook}
      max_alerts: 5
      authorization: { credentials_file: token }
      match: { severity: critical }
      group_wait: 0s
    - { name: file, url_file: hook.url, basic_auth: { username: u, password: ${hidden} } }
  log: { enabled: true, repeat_interval: 1d }
evaluation: { on_error: resolve, on_unknown: resolve, hold_for: 0s, lookback: 1m, time_zone: Asia/Dubai, weekend: [fri, sat] }
deployments:
  - name: nightly
    match: ['model=~"a.*"', 'instance="b"']
    weekly: { days: [mon, sun], from: "22:00", to: "02:30", time_zone: Europe/Berlin }
  - { name: release, match: { model: bert }, span: { from: 2027-01-01T00:00:00Z, to: 2027-01-01T02:00:00Z }, reason: planned }
storage: { history_bytes: 1GiB, subject_history_bytes: 1500B }
exporter: { max_series: 3 }
web:
  listen_address: "[::1]:0"
  external_url: https://sentinel.example.com/x
  api_tokens_file: tokens
  allowed_hosts: [Sentinel.example.com]
  allowed_origins: ["https://grafana.example.com"]
log: { level: debug, format: json }
`;
}
