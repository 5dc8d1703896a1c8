{{/* What a release is called, and how its parts are told apart. These never change: selectors are immutable. */}}
{{- define "evidverse.fullname" -}}
{{- if .Values.fullnameOverride -}}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* Labels that select the pods of one component: (list $ "gateway") */}}
{{- define "evidverse.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* All labels of one component: (list $ "gateway") */}}
{{- define "evidverse.labels" -}}
{{- $root := index . 0 -}}
{{ include "evidverse.selector" . }}
app.kubernetes.io/part-of: evidverse
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The image by digest when there is one, by tag otherwise. */}}
{{- define "evidverse.image" -}}
{{- $image := .Values.image -}}
{{- $registry := default $image.registry (.Values.global).imageRegistry -}}
{{- $repository := ternary $image.repository (printf "%s/%s" $registry $image.repository) (empty $registry) -}}
{{- if $image.digest -}}{{ printf "%s@%s" $repository $image.digest }}
{{- else -}}{{ printf "%s:%s" $repository (default .Chart.AppVersion $image.tag) }}{{ end -}}
{{- end -}}

{{/* The Secret that services read: yours, or the one made for the parts in the cluster. */}}
{{- define "evidverse.secretName" -}}
{{- if .Values.secrets.name -}}{{ .Values.secrets.name }}{{ else -}}{{ include "evidverse.fullname" . }}-dev{{ end -}}
{{- end -}}

{{/* A service with the defaults it does not override, as YAML: (list $ "gateway") */}}
{{- define "evidverse.service" -}}
{{- $root := index . 0 -}}
{{- $own := index $root.Values.services (index . 1) -}}
{{- mergeOverwrite (deepCopy $root.Values.defaults) (deepCopy $own) | toYaml -}}
{{- end -}}

{{/* Which service answers which paths of a host, as YAML: a service with a door of its own, the gateway for the rest. */}}
{{- define "evidverse.pathsOf" -}}
{{- $root := index . 0 -}}
{{- $name := ternary "web" (index . 1) (eq (index . 1) "app") -}}
{{- $own := index $root.Values.services $name | default dict -}}
{{- $paths := dict "/" "gateway" -}}
{{- if and $own.enabled $own.http }}
{{- range $own.paths | default (list "/") }}
{{- $_ := set $paths . $name -}}
{{- end -}}
{{- end -}}
{{- $paths | toYaml -}}
{{- end -}}
