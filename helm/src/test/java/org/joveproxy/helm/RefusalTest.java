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
                "ingress     | 'tls: {existingSecret: t}'                      | ingress.enabled: true with"
                        + " tls.existingSecret",
                "gateway     | 'tls: {existingSecret: t}'                      | httpRoute.enabled: true with"
                        + " tls.existingSecret",
                "minimal     | 'tls: {passphrase: {existingSecret: t}}'        | tls.passphrase.existingSecret: given"
                        + " without",
                "minimal     | 'httpRoute: {enabled: true}'                    | httpRoute.parentRefs: empty",
                "minimal     | 'service: {public: {loadBalancerClass: a}}'     | service.public.type: ClusterIP",
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
                "minimal     | 'extraArgs: [--port=80]'                        | 'extraArgs: --port=80 (expected:"
                        + " listen.http'",
                "minimal     | 'extraArgs: [--state-dir=/x]'                   | 'extraArgs: --state-dir=/x (expected:"
                        + " persistence.mode'",
                "minimal     | 'podLabels: {app.kubernetes.io/name: hub}'      | podLabels: app.kubernetes.io/name",
            })
    void whatDoesNotGoTogetherIsRefusedByName(String feature, String more, String message) {
        assertThatThrownBy(() -> Chart.render(feature, more)).hasMessageContaining(message);
    }
}
