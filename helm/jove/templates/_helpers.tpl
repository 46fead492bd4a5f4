{{- define "jove.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "jove.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "jove.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Never to be changed: a Deployment cannot get another selector. */ -}}
{{- define "jove.selectorLabels" -}}
app.kubernetes.io/name: {{ include "jove.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: jove
{{- end -}}

{{- define "jove.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: jupyterhub
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "jove.labels" -}}
{{ include "jove.selectorLabels" . }}
{{ include "jove.commonLabels" . }}
{{- end -}}

{{- /* Of what is no proxy pod and must not be taken for one. */ -}}
{{- define "jove.testSelectorLabels" -}}
app.kubernetes.io/name: {{ include "jove.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: test
{{- end -}}

{{- define "jove.testLabels" -}}
{{ include "jove.testSelectorLabels" . }}
{{ include "jove.commonLabels" . }}
{{- end -}}

{{- define "jove.image" -}}
{{- $name := .Values.image.repository -}}
{{- if .Values.image.registry }}{{ $name = printf "%s/%s" .Values.image.registry $name }}{{ end -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $name .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "jove.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "jove.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "jove.tokenSecretName" -}}
{{- default (printf "%s-token" (include "jove.fullname" .)) .Values.auth.existingSecret -}}
{{- end -}}

{{- /* "true" or nothing */ -}}
{{- define "jove.hasTls" -}}
{{- if .Values.tls.existingSecret }}true{{ end -}}
{{- end -}}

{{- define "jove.hasErrorPages" -}}
{{- if or .Values.errorPages.existingConfigMap .Values.errorPages.files }}true{{ end -}}
{{- end -}}

{{- /* Whether the container has a plain port: without TLS always, with TLS to send clients away from it. */ -}}
{{- define "jove.hasHttp" -}}
{{- if or (not .Values.tls.existingSecret) .Values.tls.redirect }}true{{ end -}}
{{- end -}}

{{- /* YAML reads a bare off or on as a truth value. */ -}}
{{- define "jove.proxyProtocol" -}}
{{- if kindIs "bool" .Values.clients.proxyProtocol -}}
{{- ternary "on" "off" .Values.clients.proxyProtocol -}}
{{- else -}}
{{- .Values.clients.proxyProtocol -}}
{{- end -}}
{{- end -}}

{{- define "jove.hasSeveral" -}}
{{- if or (gt (int .Values.replicaCount) 1) .Values.autoscaling.enabled }}true{{ end -}}
{{- end -}}

{{- define "jove.hasClaim" -}}
{{- if and (eq .Values.persistence.mode "file") .Values.persistence.file.claim.enabled }}true{{ end -}}
{{- end -}}

{{- define "jove.claimName" -}}
{{- default (printf "%s-routes" (include "jove.fullname" .)) .Values.persistence.file.claim.existingClaim -}}
{{- end -}}

{{- define "jove.hubBase" -}}
{{- printf "%s/%s" (trimSuffix "/" .Values.hub.url) (trimPrefix "/" (printf "%s/" (trimSuffix "/" .Values.hub.baseUrl))) -}}
{{- end -}}

{{- define "jove.errorTarget" -}}
{{- default (printf "%shub/error" (include "jove.hubBase" .)) .Values.hub.errorTarget -}}
{{- end -}}

{{- define "jove.hubApiUrl" -}}
{{- default (printf "%shub/api" (include "jove.hubBase" .)) .Values.hub.recheck.apiUrl -}}
{{- end -}}

{{- /* ---- how long a stop may take, in seconds ---- */ -}}

{{- define "jove.drainDelay" -}}
{{- if kindIs "invalid" .Values.drain.delaySeconds -}}
{{- ternary 5 0 (eq (include "jove.hasSeveral" .) "true") -}}
{{- else -}}
{{- int .Values.drain.delaySeconds -}}
{{- end -}}
{{- end -}}

{{- define "jove.drainTimeout" -}}
{{- if kindIs "invalid" .Values.drain.timeoutSeconds -}}
{{- ternary 30 1 (eq (include "jove.hasSeveral" .) "true") -}}
{{- else -}}
{{- int .Values.drain.timeoutSeconds -}}
{{- end -}}
{{- end -}}

{{- define "jove.stopTime" -}}
{{- add (include "jove.drainDelay" .) (include "jove.drainTimeout" .) -}}
{{- end -}}

{{- define "jove.gracePeriod" -}}
{{- if kindIs "invalid" .Values.terminationGracePeriodSeconds -}}
{{- add (include "jove.stopTime" .) 15 -}}
{{- else -}}
{{- int .Values.terminationGracePeriodSeconds -}}
{{- end -}}
{{- end -}}

{{- /* ---- what the alerts and the monitors agree on ---- */ -}}

{{- define "jove.metricsSelector" -}}
{{- default (printf "namespace=%q,job=%q" .Release.Namespace (include "jove.fullname" .)) .Values.metrics.prometheusRule.selector -}}
{{- end -}}

{{- /* Same names for the series whichever way they are found; the alerts ask for this job. */ -}}
{{- define "jove.relabelings" -}}
- targetLabel: job
  replacement: {{ include "jove.fullname" .root }}
{{- with .monitor.relabelings }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "jove.extraEnv" -}}
{{- if kindIs "slice" .Values.extraEnv }}
{{- tpl (toYaml .Values.extraEnv) . }}
{{- else }}
{{- range $name, $value := .Values.extraEnv }}
- name: {{ $name }}
{{- if kindIs "map" $value }}
{{ tpl (toYaml $value) $ | indent 2 }}
{{- else }}
  value: {{ tpl (toString $value) $ | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
