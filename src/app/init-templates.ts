/** A configuration to start from, every section explained; what is commented out shows the way. */
export function configTemplate(address: string, schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# Configuration of triton-sentinel. Check it with: triton-sentinel check config triton-sentinel.yml
# Every field with its default: docs/config-reference.md. \${NAME} takes an environment variable, \${NAME:-default} with a default.

global:
  scrape_interval: 15s
  external_labels: {}              # added to every alert that leaves the program, for example cluster: berlin-1

scrape_configs:
  - job_name: triton
    static_configs:
      - targets: [${JSON.stringify(address)}]   # host:port of Triton's metrics page
    # Targets can be found instead of listed:
    # file_sd_configs: [{ files: [targets/*.yml] }]
    # dns_sd_configs: [{ names: [triton.default.svc.cluster.local], type: A, port: 8002 }]
    # kubernetes_sd_configs: [{ role: pod }]

rule_files: [rules/*.yml]          # in addition to the rules that come with the program

# Change windows: loads and unloads of models in them raise no alert.
# deployments:
#   - name: weekly release
#     match: { model: bert }
#     weekly: { days: [tue], from: "09:00", to: "11:00", time_zone: Europe/Berlin }

# Where alerts go. Try it with: triton-sentinel outputs test --config triton-sentinel.yml
# alerting:
#   alertmanagers:
#     - static_configs: [{ targets: ["alertmanager:9093"] }]
# outputs:
#   webhook:
#     - name: on-call
#       url_file: secrets/webhook-url
#   email:
#     - name: ops
#       to: ops@example.com
#       from: triton-sentinel@example.com
#       smarthost: mail.example.com:587
#       auth_username: triton-sentinel
#       auth_password_file: secrets/mail-password

web:
  listen_address: 127.0.0.1:9464
  # external_url: https://sentinel.example.com     # for links in alerts
  # api_tokens_file: secrets/api-tokens             # lines of name:token; without it nothing can be changed over HTTP
`;
}

/** A rule file to start from: one override, one rule of each kind. */
export function rulesTemplate(schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# Rules of your own, beside the packaged ones. Check them with: triton-sentinel check rules rules/local.yml

# Packaged rules are changed from here, not edited.
overrides:
  - alert: TritonRequestRateSurge
    set: { labels.severity: warning }

groups:
  - name: local
    rules:
      # Plain PromQL, as in a Prometheus rule file.
      - alert: NoModelServes
        expr: up == 1 unless on (job, instance) nv_inference_request_success
        for: 10m
        labels: { severity: info, category: availability }
        annotations:
          summary: '{{ $labels.instance }} serves no model'

      # What PromQL cannot say: what is normal is learned for each model.
      - alert: TimeoutsAnomaly
        detect:
          ratio:
            bad: nv_inference_request_failure{reason="REJECTED"}
            total: [nv_inference_request_success, nv_inference_request_failure]
        labels: { severity: warning, category: availability }
        annotations:
          summary: '{{ $labels.model }} on {{ $labels.instance }}: {{ $value | humanizePercentage }} of requests time out in the queue'
`;
}
