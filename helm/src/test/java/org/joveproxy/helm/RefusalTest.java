package org.joveproxy.helm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not go together is refused, by the name of the value and with what was expected instead. */
final class RefusalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minimal     | 'auth: {existingSecret: \"\"}'                  | auth: no token",
                "minimal     | 'auth: {token: x}'                              | auth.token: given beside"
                        + " auth.existingSecret",
                "minimal     | replicaCount: 2                                 | replicaCount: 2 with persistence.mode"
                        + " file",
                "memory      | replicaCount: 2                                 | replicaCount: 2 with persistence.mode"
                        + " none",
                "minimal     | 'autoscaling: {enabled: true}'                  | autoscaling.enabled: true with"
                        + " persistence.mode file",
                "autoscaling | 'autoscaling: {maxReplicas: 1}'                 | autoscaling.maxReplicas: 1",
                "autoscaling | 'resources: {requests: {cpu: null}}'            | without resources.requests.cpu",
                "claim       | 'updateStrategy: {type: RollingUpdate}'         | updateStrategy.type: RollingUpdate"
                        + " with persistence.mode file",
                "statefulset | 'updateStrategy: {type: Recreate}'              | updateStrategy.type: Recreate with"
                        + " kind StatefulSet",
                "replicas    | 'persistence: {redis: {url: \"\"}}'             | persistence.redis.url: empty",
                "replicas    | 'persistence: {redis: {url: \"redis://u:p@r\"}}' | persistence.redis.url: has a user or"
                        + " password",
                "claim       | 'persistence: {mode: none}'                     | persistence.file.claim.enabled: true"
                        + " with persistence.mode none",
                "claim       | 'persistence: {file: {claim: {enabled: false, existingClaim: c}}}' |"
                        + " persistence.file.claim.existingClaim: given without",
                "minimal     | 'persistence: {redis: {url: \"redis://r\"}}'   | persistence.redis.url: given with"
                        + " persistence.mode file",
                "autoscaling | 'networkPolicy: {egressAllowRules: {privateIPs: false, nonPrivateIPs: false}}' |"
                        + " networkPolicy.egress: empty with persistence.mode redis",
                "ingress     | 'tls: {existingSecret: t}'                      | ingress.enabled: true with"
                        + " tls.existingSecret",
                "gateway     | 'tls: {existingSecret: t}'                      | httpRoute.enabled: true with"
                        + " tls.existingSecret",
                "minimal     | 'tls: {passphrase: {existingSecret: t}}'        | tls.passphrase.existingSecret: given"
                        + " without",
                "minimal     | 'httpRoute: {enabled: true}'                    | httpRoute.parentRefs: empty",
                "minimal     | 'service: {public: {loadBalancerClass: a}}'     | service.public.type: ClusterIP with"
                        + " settings",
                "tls-only    | 'service: {public: {loadBalancerIP: 192.0.2.1}}' | service.public.type: NodePort with"
                        + " settings",
                "minimal     | 'service: {public: {httpNodePort: 30080}}'      | service.public.type: ClusterIP with"
                        + " externalTrafficPolicy or a node port",
                "tls-only    | 'tls: {existingSecret: \"\"}'                   | service.public.httpsNodePort: given"
                        + " without tls.existingSecret",
                "tls-only    | 'service: {public: {httpNodePort: 30080}}'      | service.public.httpNodePort: given"
                        + " without tls.redirect",
                "tls         | 'service: {public: {httpPort: 443}}'            | 'service.public.httpsPort: 443, as"
                        + " httpPort'",
                "replicas    | 'pdb: {maxUnavailable: 3}'                      | pdb.maxUnavailable: 3",
                "recheck     | 'hub: {errorTarget: \"http://e\"}'              | hub.errorTarget: given beside"
                        + " errorPages",
                "recheck     | 'errorPages: {existingConfigMap: e}'            | errorPages.files: given beside",
                "minimal     | 'hub: {recheck: {enabled: true}}'               | hub.recheck.enabled: true without",
                "memory      | 'metrics: {serviceMonitor: {enabled: true}}'    | metrics.serviceMonitor.enabled: true"
                        + " without metrics.enabled",
                "memory      | 'metrics: {prometheusRule: {enabled: true}}'    | metrics.prometheusRule.enabled: true"
                        + " without metrics.enabled",
                "replicas    | 'metrics: {podMonitor: {enabled: true}}'        | metrics.podMonitor.enabled: true"
                        + " beside",
                "autoscaling | terminationGracePeriodSeconds: 60               | 'terminationGracePeriodSeconds: 60"
                        + " (expected: at least 315'",
                "minimal     | 'listen: {api: 8000}'                           | 'listen.http: 8000 (expected: four"
                        + " different ports)'",
                "minimal     | 'clients: {proxyProtocol: optional}'            | clients.proxyProtocol: optional without"
                        + " clients.trustedProxies",
                "minimal     | 'clients: {proxyProtocol: on}'                  | clients.proxyProtocol: on without"
                        + " clients.trustedProxies",
                "clients     | 'clients: {proxyProtocol: \"on\"}'              | 'clients.proxyProtocol: on with"
                        + " startupProbe, livenessProbe, readinessProbe, tests.enabled (expected: optional'",
                "clients     | '{clients: {proxyProtocol: on}, tests: {enabled: false}, startupProbe: {enabled: false},"
                        + " livenessProbe: {tcpSocket: {port: http}}, readinessProbe: {httpGet: {port: 8000}}}' |"
                        + " clients.proxyProtocol: on with readinessProbe (expected",
                "replicas    | '{clients: {proxyProtocol: on, trustedProxies: [10.0.0.0/8]}, tests: {enabled: false},"
                        + " startupProbe: {enabled: false}, livenessProbe: {enabled: false},"
                        + " readinessProbe: {enabled: false}}' |"
                        + " clients.proxyProtocol: on with persistence.mode redis (expected",
                "clients     | 'extraArgs: [--no-x-forward]'                   | 'extraArgs: --no-x-forward with"
                        + " clients.forwarding single'",
                "minimal     | 'logging: {accessLogFormat: json}'              | logging.accessLogFormat: json without"
                        + " logging.accessLog",
                "minimal     | 'logging: {accessLog: /var/log/access.log}'     | 'logging.accessLog: /var/log/access.log"
                        + " is in none of extraVolumeMounts'",
                "clients     | 'logging: {accessLog: /var/log/jove-access.log}' | 'logging.accessLog:"
                        + " /var/log/jove-access.log is in none'",
                "clients     | 'extraVolumeMounts: [{name: logs, mountPath: /var/log/jove, readOnly: true}]' |"
                        + " 'logging.accessLog: /var/log/jove/access.log is in none'",
                // Where routes are kept: a log would fill it up.
                "minimal     | 'logging: {accessLog: /var/lib/jove/access.log}' | 'logging.accessLog:"
                        + " /var/lib/jove/access.log is in none'",
                "minimal     | 'extraArgs: [--trusted-proxies=10.0.0.0/8]'     | 'extraArgs:"
                        + " --trusted-proxies=10.0.0.0/8 (expected: clients.trustedProxies'",
                "minimal     | 'extraArgs: [--access-log=stdout]'              | 'extraArgs: --access-log=stdout"
                        + " (expected: logging.accessLog'",
                "minimal     | 'extraArgs: [--error-format=negotiate]'         | 'extraArgs:"
                        + " --error-format=negotiate (expected: errorPages.format'",
                "minimal     | 'extraArgs: [--port=80]'                        | 'extraArgs: --port=80 (expected:"
                        + " listen.http'",
                "minimal     | 'extraArgs: [--state-dir=/x]'                   | 'extraArgs: --state-dir=/x (expected:"
                        + " persistence.mode'",
                "minimal     | 'extraArgs: [\"--default-target=http://h\"]'    | 'extraArgs: --default-target=http://h"
                        + " (expected: hub.url'",
                "minimal     | 'extraArgs: [--host-routing]'                   | 'extraArgs: --host-routing (expected:"
                        + " hostRouting'",
                "minimal     | 'extraEnv: {CONFIGPROXY_AUTH_TOKEN: t}'         | 'extraEnv: CONFIGPROXY_AUTH_TOKEN"
                        + " (expected: auth.existingSecret'",
                "env-list    | 'extraEnv: [{name: JOVE_STATE_DIR, value: /x}]' | 'extraEnv: JOVE_STATE_DIR (expected:"
                        + " persistence.mode'",
                "minimal     | 'podLabels: {app.kubernetes.io/name: hub}'      | podLabels: app.kubernetes.io/name",
                "minimal     | 'podLabels: {component: proxy, app: jupyterhub}' | 'podLabels: component: proxy'",
            })
    void whatDoesNotGoTogetherIsRefusedByName(String feature, String more, String message) {
        assertThatThrownBy(() -> Chart.render(feature, more)).hasMessageContaining(message);
    }
}
