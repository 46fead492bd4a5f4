{{- /*
What does not go together is refused here, by the name of the value. The schema has looked at each value for itself before.
*/ -}}
{{- define "jove.validate" -}}
{{- $v := .Values -}}
{{- $isShared := eq $v.persistence.mode "redis" -}}

{{- if not (or $v.auth.token $v.auth.existingSecret) -}}
{{- fail "auth: no token (expected: auth.existingSecret, or auth.token; without one anybody could change routes)" -}}
{{- end -}}
{{- if and $v.auth.token $v.auth.existingSecret -}}
{{- fail "auth.token: given beside auth.existingSecret (expected: one of the two)" -}}
{{- end -}}

{{- if and (gt (int $v.replicaCount) 1) (not $isShared) -}}
{{- fail (printf "replicaCount: %d with persistence.mode %s (expected: 1, or persistence.mode redis; otherwise each replica has other routes)" (int $v.replicaCount) $v.persistence.mode) -}}
{{- end -}}
{{- if $v.autoscaling.enabled -}}
{{- if not $isShared -}}
{{- fail (printf "autoscaling.enabled: true with persistence.mode %s (expected: persistence.mode redis)" $v.persistence.mode) -}}
{{- end -}}
{{- if lt (int $v.autoscaling.maxReplicas) (int $v.autoscaling.minReplicas) -}}
{{- fail (printf "autoscaling.maxReplicas: %d (expected: at least autoscaling.minReplicas, %d)" (int $v.autoscaling.maxReplicas) (int $v.autoscaling.minReplicas)) -}}
{{- end -}}
{{- if not (dig "requests" "cpu" "" $v.resources) -}}
{{- fail "autoscaling.enabled: true without resources.requests.cpu (expected: a request, of which the target is a share)" -}}
{{- end -}}
{{- end -}}

{{- if and (eq $v.kind "Deployment") (eq (dig "type" "" $v.updateStrategy) "RollingUpdate") (not $isShared) -}}
{{- fail (printf "updateStrategy.type: RollingUpdate with persistence.mode %s (expected: Recreate; two pods with tables of their own, or with one volume, must not live at the same time)" $v.persistence.mode) -}}
{{- end -}}
{{- if and (eq $v.kind "StatefulSet") (eq (dig "type" "" $v.updateStrategy) "Recreate") -}}
{{- fail "updateStrategy.type: Recreate with kind StatefulSet (expected: RollingUpdate or OnDelete)" -}}
{{- end -}}

{{- if $isShared -}}
{{- if not $v.persistence.redis.url -}}
{{- fail "persistence.redis.url: empty with persistence.mode redis (expected: redis://host:6379)" -}}
{{- end -}}
{{- if contains "@" $v.persistence.redis.url -}}
{{- fail "persistence.redis.url: has a user or password in it, which everybody may read who sees the pod (expected: persistence.redis.existingSecret)" -}}
{{- end -}}
{{- end -}}
{{- if and $v.persistence.file.claim.enabled (ne $v.persistence.mode "file") -}}
{{- fail (printf "persistence.file.claim.enabled: true with persistence.mode %s (expected: persistence.mode file)" $v.persistence.mode) -}}
{{- end -}}

{{- if $v.tls.existingSecret -}}
{{- if $v.ingress.enabled -}}
{{- fail "ingress.enabled: true with tls.existingSecret (expected: TLS ends at the Ingress or at the proxy, not at both)" -}}
{{- end -}}
{{- if $v.httpRoute.enabled -}}
{{- fail "httpRoute.enabled: true with tls.existingSecret (expected: TLS ends at the Gateway or at the proxy, not at both)" -}}
{{- end -}}
{{- else if $v.tls.passphrase.existingSecret -}}
{{- fail "tls.passphrase.existingSecret: given without tls.existingSecret (expected: the secret with the key that it opens)" -}}
{{- end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) -}}
{{- fail "httpRoute.parentRefs: empty (expected: the Gateway that the route belongs to)" -}}
{{- end -}}
{{- if and (eq $v.service.public.type "ClusterIP") (or $v.service.public.loadBalancerClass $v.service.public.loadBalancerIP $v.service.public.loadBalancerSourceRanges $v.service.public.externalTrafficPolicy) -}}
{{- fail "service.public.type: ClusterIP with settings of a load balancer (expected: LoadBalancer or NodePort)" -}}
{{- end -}}

{{- if and (include "jove.hasErrorPages" .) $v.hub.errorTarget -}}
{{- fail "hub.errorTarget: given beside errorPages (expected: one of the two)" -}}
{{- end -}}
{{- if and $v.errorPages.existingConfigMap $v.errorPages.files -}}
{{- fail "errorPages.files: given beside errorPages.existingConfigMap (expected: one of the two)" -}}
{{- end -}}
{{- if and $v.hub.recheck.enabled (not $v.hub.recheck.existingSecret) -}}
{{- fail "hub.recheck.enabled: true without hub.recheck.existingSecret (expected: a secret with a token of the hub's)" -}}
{{- end -}}

{{- if not $v.metrics.enabled -}}
{{- range $name := list "serviceMonitor" "podMonitor" "prometheusRule" "dashboard" -}}
{{- if (get $v.metrics $name).enabled -}}
{{- fail (printf "metrics.%s.enabled: true without metrics.enabled (expected: both)" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $v.metrics.serviceMonitor.enabled $v.metrics.podMonitor.enabled -}}
{{- fail "metrics.podMonitor.enabled: true beside metrics.serviceMonitor.enabled (expected: one of the two, or everything counts twice)" -}}
{{- end -}}

{{- if lt (int (include "jove.gracePeriod" .)) (int (add (include "jove.stopTime" .) 5)) -}}
{{- fail (printf "terminationGracePeriodSeconds: %s (expected: at least %d, for drain.delaySeconds, drain.timeoutSeconds and 5 to close)" (include "jove.gracePeriod" .) (int (add (include "jove.stopTime" .) 5))) -}}
{{- end -}}

{{- $ports := list -}}
{{- range $name, $port := $v.listen -}}
{{- if has (int $port) $ports -}}
{{- fail (printf "listen.%s: %d (expected: four different ports)" $name (int $port)) -}}
{{- end -}}
{{- $ports = append $ports (int $port) -}}
{{- end -}}

{{- $ours := dict "--ip" "listen" "--port" "listen.http" "--api-ip" "listen" "--api-port" "listen.api" "--metrics-ip" "listen" "--metrics-port" "listen.metrics" "--socket" "listen" "--api-socket" "listen" "--metrics-socket" "listen" "--ssl-key" "tls.existingSecret" "--ssl-cert" "tls.existingSecret" "--redirect-port" "tls.redirect" "--redirect-to" "service.public.httpsPort" "--state-dir" "persistence.mode" "--storage-backend" "persistence.mode" "--store-prefix" "persistence.redis.prefix" "--drain-timeout" "drain.timeoutSeconds" "--error-path" "errorPages" "--pid-file" "no file" -}}
{{- range $v.extraArgs -}}
{{- $flag := first (splitList "=" (toString .)) -}}
{{- if hasKey $ours $flag -}}
{{- fail (printf "extraArgs: %s (expected: %s, which the rest of the chart follows)" . (get $ours $flag)) -}}
{{- end -}}
{{- end -}}

{{- range $label := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" -}}
{{- if hasKey $v.podLabels $label -}}
{{- fail (printf "podLabels: %s (expected: none of the labels that the Services select by)" $label) -}}
{{- end -}}
{{- end -}}
{{- end -}}
