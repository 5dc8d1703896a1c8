{{/*
The pod of everything that runs our image: (dict "root" $ "component" "gateway" "entry" "dist/…" "service" $service "restartPolicy" "Always").
Restricted: no root, no capabilities, nothing writable but /tmp; secrets are files that only this process reads.
*/}}
{{- define "evidverse.pod" -}}
{{- $root := .root -}}
{{- $service := .service -}}
{{- $secrets := include "evidverse.secretsOf" . | fromJsonArray -}}
metadata:
  labels:
    {{- include "evidverse.labels" (list $root .component) | nindent 4 }}
    {{- with $service.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    evidverse/secret-checksum: {{ $root.Values.secrets.checksum | quote }}
    {{- with $service.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- if and $root.Values.serviceAccount.create (not .bare) }}
  serviceAccountName: {{ include "evidverse.fullname" $root }}-{{ .component }}
  {{- end }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  restartPolicy: {{ .restartPolicy }}
  terminationGracePeriodSeconds: {{ $service.terminationGracePeriodSeconds }}
  {{- with $service.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with concat $root.Values.imagePullSecrets ((($root.Values.global).imagePullSecrets) | default list) }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    seccompProfile: { type: RuntimeDefault }
  containers:
    - name: {{ .component }}
      image: {{ include "evidverse.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: [{{ .entry | quote }}]
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      env:
        {{- include "evidverse.env" . | nindent 8 }}
      {{- with $service.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if .ports }}
      ports:
        {{- if $service.http }}
        - { name: http, containerPort: 8000, protocol: TCP }
        {{- end }}
        - { name: ops, containerPort: 9000, protocol: TCP }
      # Slow starts are let be; a stuck loop is restarted; who cannot work (database, broker, schema) gets no requests.
      startupProbe:
        httpGet: { path: /livez, port: ops }
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /livez, port: ops }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: /readyz, port: ops }
        periodSeconds: 5
        timeoutSeconds: 4
        failureThreshold: 2
      {{- if $service.preStopSeconds }}
      # Endpoints learn of the end a little later than the pod: requests that still come are still answered.
      lifecycle:
        preStop: { exec: { command: [sleep, {{ $service.preStopSeconds | quote }}] } }
      {{- end }}
      {{- end }}
      resources:
        {{- toYaml $service.resources | nindent 8 }}
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
        {{- if $secrets }}
        - { name: secrets, mountPath: /run/secrets/evidverse, readOnly: true }
        {{- end }}
        {{- with $service.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- if $secrets }}
    - name: secrets
      secret:
        secretName: {{ .secretName | default (include "evidverse.secretName" $root) }}
        items:
          {{- range $secrets }}
          - { key: {{ . }}, path: {{ . }} }
          {{- end }}
        # Readable by whatever user the cluster chose: group 0 is every container's group.
        defaultMode: 0444
    {{- end }}
    {{- with $service.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $service.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $service.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $service.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if and $service.topologySpread .ports }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "evidverse.selector" (list $root $.component) | nindent 10 }}
    {{- end }}
  {{- end }}
{{- end -}}

{{/* Every variable once: settings for all, the service's own over them, secrets as files, then what the operator adds. */}}
{{- define "evidverse.env" -}}
{{- $root := .root -}}
{{- $env := dict -}}
{{- range $name, $value := mergeOverwrite (deepCopy $root.Values.settings) (deepCopy (.service.settings | default dict)) }}
{{- $_ := set $env $name (dict "name" $name "value" (toString $value)) -}}
{{- end -}}
{{- range $name := include "evidverse.secretsOf" . | fromJsonArray }}
{{- $_ := set $env (printf "%s_FILE" $name) (dict "name" (printf "%s_FILE" $name) "value" (printf "/run/secrets/evidverse/%s" $name)) -}}
{{- end -}}
{{- if .ports }}
{{- $_ := set $env "OPS_PORT" (dict "name" "OPS_PORT" "value" "9000") -}}
{{- end -}}
{{- if $root.Values.tracing.endpoint }}
{{- $_ := set $env "OTEL_EXPORTER_OTLP_ENDPOINT" (dict "name" "OTEL_EXPORTER_OTLP_ENDPOINT" "value" $root.Values.tracing.endpoint) -}}
{{- end -}}
{{- if and $root.Values.hosts.api (not (hasKey $env "PUBLIC_URL")) }}
{{- $scheme := ternary "https" "http" (or (not (empty $root.Values.ingress.tls)) $root.Values.httpRoute.enabled) -}}
{{- $_ := set $env "PUBLIC_URL" (dict "name" "PUBLIC_URL" "value" (printf "%s://%s" $scheme $root.Values.hosts.api)) -}}
{{- end -}}
{{- if and (hasKey $env "REDIS_URL_FILE") (not (hasKey $env "REDIS_PREFIX")) }}
{{- $_ := set $env "REDIS_PREFIX" (dict "name" "REDIS_PREFIX" "value" (printf "%s.%s" $root.Release.Namespace (include "evidverse.fullname" $root))) -}}
{{- end -}}
{{- if $root.Values.dev.enabled }}
{{- if not (hasKey $env "S3_ENDPOINT_URL") }}
{{- $_ := set $env "S3_ENDPOINT_URL" (dict "name" "S3_ENDPOINT_URL" "value" (printf "http://%s-minio:9000" (include "evidverse.fullname" $root))) -}}
{{- end -}}
{{- end -}}
{{- range .service.extraEnv }}
{{- $_ := set $env .name . -}}
{{- end -}}
{{- range $name := keys $env | sortAlpha }}
- {{ get $env $name | toJson }}
{{- end -}}
{{- end -}}

{{/* The secrets of a pod: those that its process reads and the Secret has. */}}
{{- define "evidverse.secretsOf" -}}
{{- $found := list -}}
{{- range .service.secrets }}
{{- if has . $.root.Values.secrets.keys }}{{ $found = append $found . }}{{ end -}}
{{- end -}}
{{- $found | toJson -}}
{{- end -}}
