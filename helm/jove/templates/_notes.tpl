{{- define "jove.notes" -}}
{{- $name := include "jove.fullname" . -}}
Jove {{ .Chart.AppVersion }} is {{ $name }} in {{ .Release.Namespace }}.

Browsers come to:
{{- if .Values.ingress.enabled }}
{{- range default (list "<the Ingress>") .Values.ingress.hosts }}
  {{ ternary "https" "http" (not (empty $.Values.ingress.tls)) }}://{{ . }}{{ default $.Values.hub.baseUrl $.Values.ingress.path }}
{{- end }}
{{- else if .Values.httpRoute.enabled }}
{{- range default (list "<the Gateway>") .Values.httpRoute.hostnames }}
  https://{{ . }}{{ $.Values.hub.baseUrl }}
{{- end }}
{{- else if eq .Values.service.public.type "LoadBalancer" }}
  kubectl --namespace {{ .Release.Namespace }} get service {{ $name }}-public
{{- else if eq .Values.service.public.type "NodePort" }}
  the node ports of: kubectl --namespace {{ .Release.Namespace }} get service {{ $name }}-public
{{- else }}
  nothing outside the cluster leads here yet (ingress, httpRoute, service.public.type). To try it:
  kubectl --namespace {{ .Release.Namespace }} port-forward service/{{ $name }}-public 8000:{{ if include "jove.hasTls" . }}https{{ else }}http{{ end }}
{{- end }}

Tell the hub where the proxy is, in the values of Zero to JupyterHub:
  hub:
    config:
      ConfigurableHTTPProxy:
        should_start: false
        api_url: http://{{ $name }}-api.{{ .Release.Namespace }}:{{ .Values.service.api.port }}
The token that both show is in the secret {{ include "jove.tokenSecretName" . }}, key {{ ternary .Values.auth.existingSecretKey "token" (not (empty .Values.auth.existingSecret)) }}.

{{ if eq .Values.persistence.mode "redis" -}}
{{ if .Values.autoscaling.enabled }}{{ .Values.autoscaling.minReplicas }} to {{ .Values.autoscaling.maxReplicas }} replicas share{{ else if gt (int .Values.replicaCount) 1 }}{{ .Values.replicaCount }} replicas share{{ else }}One replica keeps{{ end }} the routes in {{ .Values.persistence.redis.url }}.
{{- if not (include "jove.hasSeveral" .) }}
NOTE: one replica is a single point of failure; with persistence.mode redis there may be more.
{{- end }}
{{- else -}}
One replica; routes are kept {{ if eq .Values.persistence.mode "none" }}in memory{{ else if .Values.persistence.file.claim.enabled }}on a volume{{ else }}on an emptyDir{{ end }}.
{{- if eq .Values.persistence.mode "none" }}
NOTE: a restart of the container empties the table until the hub has looked at it.
{{- else if not .Values.persistence.file.claim.enabled }}
NOTE: they survive a crash of the container, but not a move of the pod.
{{- end }}
{{- end }}
{{- if .Values.auth.token }}
NOTE: the token stands in the values, and so in the release; auth.existingSecret keeps it out of there.
{{- end }}
{{- if not .Values.networkPolicy.enabled }}
NOTE: no network policy keeps other pods from the REST API; only the token does.
{{- end }}

{{- if and .Values.hostRouting .Values.ingress.enabled (not (contains "*." (join " " .Values.ingress.hosts))) }}
NOTE: with hostRouting people come to hosts of their own, and no host of the Ingress has a wildcard.
{{- end }}
{{- if and (ne .Values.clients.forwarding "append") (not .Values.clients.trustedProxies) (or .Values.ingress.enabled .Values.httpRoute.enabled) }}
NOTE: with clients.forwarding {{ .Values.clients.forwarding }} and no clients.trustedProxies what the {{ ternary "Ingress" "Gateway" .Values.ingress.enabled }} says of clients, https with it, is dropped.
{{- end }}
{{- if .Values.tests.enabled }}

Try it: helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }}
{{- end }}
{{- end -}}
