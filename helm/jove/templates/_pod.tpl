{{- /* The pod, of a Deployment and of a StatefulSet alike. */ -}}

{{- define "jove.args" -}}
{{- $tls := eq (include "jove.hasTls" .) "true" -}}
- --ip=
- --port={{ ternary .Values.listen.https .Values.listen.http $tls | int }}
{{- if and $tls .Values.tls.redirect }}
- --redirect-port={{ int .Values.listen.http }}
- --redirect-to={{ int .Values.service.public.httpsPort }}
{{- end }}
{{- if $tls }}
- {{ printf "--ssl-key=/etc/jove/tls/%s" .Values.tls.keyName | quote }}
- {{ printf "--ssl-cert=/etc/jove/tls/%s" .Values.tls.certName | quote }}
{{- end }}
- --api-ip=
- --api-port={{ int .Values.listen.api }}
{{- if .Values.metrics.enabled }}
- --metrics-ip=
- --metrics-port={{ int .Values.listen.metrics }}
{{- end }}
- {{ printf "--default-target=%s" .Values.hub.url | quote }}
{{- if include "jove.hasErrorPages" . }}
- --error-path=/etc/jove/errors
{{- else }}
- {{ printf "--error-target=%s" (include "jove.errorTarget" .) | quote }}
{{- end }}
{{- if ne .Values.errorPages.format "html" }}
- --error-format={{ .Values.errorPages.format }}
{{- end }}
{{- if .Values.hostRouting }}
- --host-routing
{{- end }}
{{- with .Values.clients }}
{{- with .trustedProxies }}
- {{ printf "--trusted-proxies=%s" (join "," .) | quote }}
{{- end }}
{{- if ne (include "jove.proxyProtocol" $) "off" }}
- --proxy-protocol={{ include "jove.proxyProtocol" $ }}
{{- end }}
{{- if ne .forwarding "append" }}
- --forwarding={{ .forwarding }}
{{- end }}
{{- if .forwarded }}
- --forwarded
{{- end }}
{{- if .requestId }}
- --request-id
{{- end }}
{{- end }}
- --log-level={{ .Values.logging.level }}
{{- with .Values.logging.accessLog }}
- --access-log={{ . }}
- --access-log-format={{ $.Values.logging.accessLogFormat }}
{{- end }}
{{- if eq .Values.persistence.mode "redis" }}
- {{ printf "--storage-backend=%s" .Values.persistence.redis.url | quote }}
- {{ printf "--store-prefix=%s" .Values.persistence.redis.prefix | quote }}
{{- else if eq .Values.persistence.mode "file" }}
- --state-dir=/var/lib/jove/routes
{{- else }}
- --state-dir=none
{{- end }}
{{- if not (kindIs "invalid" .Values.persistence.restoredRouteTtl) }}
- --restored-route-ttl={{ int64 .Values.persistence.restoredRouteTtl }}
{{- end }}
- --drain-delay={{ include "jove.drainDelay" . }}s
- --drain-timeout={{ include "jove.drainTimeout" . }}s
{{- if .Values.jvm.eventLoops }}
- --event-loops={{ int .Values.jvm.eventLoops }}
{{- end }}
{{- range .Values.extraArgs }}
- {{ tpl . $ | quote }}
{{- end }}
{{- end -}}

{{- define "jove.env" -}}
- name: CONFIGPROXY_AUTH_TOKEN_FILE
  value: /etc/jove/secrets/api-token
{{- with .Values.tls.passphrase }}
{{- if .existingSecret }}
- name: CONFIGPROXY_SSL_KEY_PASSPHRASE
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .existingSecretKey }}
{{- end }}
{{- end }}
{{- if .Values.hub.recheck.enabled }}
- name: JOVE_HUB_API_URL
  value: {{ include "jove.hubApiUrl" . | quote }}
- name: JOVE_HUB_API_TOKEN_FILE
  value: /etc/jove/secrets/hub-token
{{- end }}
{{- if eq .Values.persistence.mode "redis" }}
{{- with .Values.persistence.redis }}
{{- if .existingSecret }}
{{- if .usernameKey }}
- name: JOVE_STORE_USERNAME
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .usernameKey }}
{{- end }}
{{- if .passwordKey }}
- name: JOVE_STORE_PASSWORD_FILE
  value: /etc/jove/secrets/store-password
{{- end }}
{{- if .sentinelPasswordKey }}
- name: JOVE_STORE_SENTINEL_PASSWORD_FILE
  value: /etc/jove/secrets/sentinel-password
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.jvm.options }}
- name: JOVE_JAVA_OPTS
  value: {{ . | quote }}
{{- end }}
{{- with include "jove.extraEnv" . | trim }}
{{ . }}
{{- end }}
{{- end -}}

{{- define "jove.probe" -}}
{{- $own := omit .probe "enabled" -}}
{{- $tls := eq (include "jove.hasTls" .root) "true" -}}
{{- $get := dict "path" .path "port" (ternary "https" "http" $tls) "scheme" (ternary "HTTPS" "HTTP" $tls) -}}
{{- $default := dict "httpGet" $get -}}
{{- if or .probe.exec .probe.tcpSocket .probe.grpc }}{{ $default = dict }}{{ end -}}
{{- toYaml (mergeOverwrite $default (deepCopy $own)) -}}
{{- end -}}

{{- define "jove.podTemplate" -}}
{{- $tls := eq (include "jove.hasTls" .) "true" -}}
metadata:
  labels:
    {{- include "jove.labels" . | nindent 4 }}
    # The policies of Zero to JupyterHub let pods with these in.
    hub.jupyter.org/network-access-hub: "true"
    hub.jupyter.org/network-access-singleuser: "true"
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if or .Values.errorPages.files .Values.podAnnotations }}
  annotations:
    {{- if .Values.errorPages.files }}
    checksum/error-pages: {{ toYaml .Values.errorPages.files | sha256sum | trunc 8 | quote }}
    {{- end }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
spec:
  serviceAccountName: {{ include "jove.serviceAccountName" . }}
  automountServiceAccountToken: false
  # Services of the namespace would put their addresses into variables.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ include "jove.gracePeriod" . }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.podSecurityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if not (kindIs "invalid" .Values.topologySpreadConstraints) }}
  {{- with .Values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- else if include "jove.hasSeveral" . }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - topologyKey: {{ . }}
      maxSkew: 1
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "jove.selectorLabels" $ | nindent 10 }}
      {{- if eq $.Values.kind "Deployment" }}
      matchLabelKeys: [pod-template-hash]
      {{- end }}
    {{- end }}
  {{- end }}
  {{- with .Values.initContainers }}
  initContainers:
    {{- tpl (toYaml .) $ | nindent 4 }}
  {{- end }}
  containers:
    - name: jove
      image: {{ include "jove.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      command: [configurable-http-proxy]
      args:
        {{- include "jove.args" . | nindent 8 }}
      env:
        {{- include "jove.env" . | nindent 8 }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        {{- if include "jove.hasHttp" . }}
        - name: http
          containerPort: {{ int .Values.listen.http }}
        {{- end }}
        {{- if $tls }}
        - name: https
          containerPort: {{ int .Values.listen.https }}
        {{- end }}
        - name: api
          containerPort: {{ int .Values.listen.api }}
        {{- if .Values.metrics.enabled }}
        - name: metrics
          containerPort: {{ int .Values.listen.metrics }}
        {{- end }}
      {{- if .Values.startupProbe.enabled }}
      startupProbe:
        {{- include "jove.probe" (dict "root" . "probe" .Values.startupProbe "path" "/_chp_healthz") | nindent 8 }}
      {{- end }}
      {{- if .Values.livenessProbe.enabled }}
      livenessProbe:
        {{- include "jove.probe" (dict "root" . "probe" .Values.livenessProbe "path" "/_chp_healthz") | nindent 8 }}
      {{- end }}
      {{- if .Values.readinessProbe.enabled }}
      readinessProbe:
        {{- include "jove.probe" (dict "root" . "probe" .Values.readinessProbe "path" "/_chp_readyz") | nindent 8 }}
      {{- end }}
      {{- with .Values.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.containerSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        {{- include "jove.volumeMounts" . | trim | nindent 8 }}
    {{- with .Values.extraContainers }}
    {{- tpl (toYaml .) $ | nindent 4 }}
    {{- end }}
  volumes:
    {{- include "jove.volumes" . | trim | nindent 4 }}
{{- end -}}

{{- /* Secrets are files: what changes in one is in force without another pod. */ -}}
{{- define "jove.secretsMount" -}}
- name: secrets
  mountPath: /etc/jove/secrets
  readOnly: true
{{- end -}}

{{- define "jove.tokenSource" -}}
- secret:
    name: {{ include "jove.tokenSecretName" . }}
    items:
      - key: {{ ternary .Values.auth.existingSecretKey "token" (not (empty .Values.auth.existingSecret)) }}
        path: api-token
{{- end -}}

{{- define "jove.volumeMounts" -}}
{{- if eq .Values.persistence.mode "file" }}
- name: routes
  mountPath: /var/lib/jove
{{- end }}
{{ include "jove.secretsMount" . }}
{{- if .Values.tls.existingSecret }}
- name: tls
  mountPath: /etc/jove/tls
  readOnly: true
{{- end }}
{{- if include "jove.hasErrorPages" . }}
- name: error-pages
  mountPath: /etc/jove/errors
  readOnly: true
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "jove.volumes" -}}
{{- if eq .Values.persistence.mode "file" }}
{{- if not .Values.persistence.file.claim.enabled }}
- name: routes
  emptyDir:
    sizeLimit: {{ .Values.persistence.file.emptyDir.sizeLimit }}
    {{- with .Values.persistence.file.emptyDir.medium }}
    medium: {{ . }}
    {{- end }}
{{- else if or (eq .Values.kind "Deployment") .Values.persistence.file.claim.existingClaim }}
- name: routes
  persistentVolumeClaim:
    claimName: {{ include "jove.claimName" . }}
{{- end }}
{{- end }}
- name: secrets
  projected:
    sources:
      {{- include "jove.tokenSource" . | nindent 6 }}
      {{- with .Values.hub.recheck }}
      {{- if .enabled }}
      - secret:
          name: {{ .existingSecret }}
          items:
            - key: {{ .existingSecretKey }}
              path: hub-token
      {{- end }}
      {{- end }}
      {{- with .Values.persistence.redis }}
      {{- if and (eq $.Values.persistence.mode "redis") .existingSecret (or .passwordKey .sentinelPasswordKey) }}
      - secret:
          name: {{ .existingSecret }}
          items:
            {{- with .passwordKey }}
            - key: {{ . }}
              path: store-password
            {{- end }}
            {{- with .sentinelPasswordKey }}
            - key: {{ . }}
              path: sentinel-password
            {{- end }}
      {{- end }}
      {{- end }}
{{- if .Values.tls.existingSecret }}
- name: tls
  secret:
    secretName: {{ .Values.tls.existingSecret }}
{{- end }}
{{- if include "jove.hasErrorPages" . }}
- name: error-pages
  configMap:
    name: {{ default (printf "%s-error-pages" (include "jove.fullname" .)) .Values.errorPages.existingConfigMap }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "jove.claimSpec" -}}
accessModes:
  {{- toYaml .accessModes | nindent 2 }}
{{- with .storageClassName }}
storageClassName: {{ . }}
{{- end }}
resources:
  requests:
    storage: {{ .size }}
{{- end -}}
