{{/* What no schema can see: every fault at once, each with what to do. */}}
{{- define "evidverse.validate" -}}
{{- $faults := list -}}
{{- $v := .Values -}}
{{- if and (not $v.secrets.name) (not $v.dev.enabled) }}
{{- $faults = append $faults "secrets.name is empty: name the Secret with DATABASE_URL, RABBITMQ_URL, REDIS_URL, S3_ACCESS_KEY, S3_SECRET_KEY and SECRET_KEY, or set dev.enabled=true to try things out" -}}
{{- end -}}
{{- if and $v.dev.enabled (eq $v.migrate.mode "hook") }}
{{- $faults = append $faults "migrate.mode=hook runs before the database of dev.enabled is there: set migrate.mode=job" -}}
{{- end -}}
{{- if and $v.externalSecrets.enabled (not $v.externalSecrets.storeRef.name) }}
{{- $faults = append $faults "externalSecrets.storeRef.name is empty: name the SecretStore to read from" -}}
{{- end -}}
{{- if and (or $v.ingress.enabled $v.httpRoute.enabled) (not $v.hosts.api) }}
{{- $faults = append $faults "hosts.api is empty: an ingress or a route needs at least the host of the API, as api.example.org" -}}
{{- end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) }}
{{- $faults = append $faults "httpRoute.parentRefs is empty: name the Gateway that the routes belong to" -}}
{{- end -}}
{{- if and $v.hosts.app (not (((index $v.services "web") | default dict).enabled)) }}
{{- $faults = append $faults "hosts.app is set and services.web is not there: the pages for people come with that service" -}}
{{- end -}}
{{- if and $v.image.digest (not (regexMatch "^sha256:[0-9a-f]{64}$" $v.image.digest)) }}
{{- $faults = append $faults "image.digest is no digest: sha256: and 64 hexadecimal digits are expected" -}}
{{- end -}}
{{- range $name, $own := $v.services }}
{{- if $own.enabled }}
{{- $service := include "evidverse.service" (list $ $name) | fromYaml }}
{{- if and $service.autoscaling.enabled $service.keda.enabled }}
{{- $faults = append $faults (printf "services.%s: autoscaling and keda would both set its replicas: enable one" $name) -}}
{{- end -}}
{{- if and $service.keda.enabled (not $service.keda.prometheusUrl) }}
{{- $faults = append $faults (printf "services.%s.keda.prometheusUrl is empty: KEDA reads the queue's depth and age from Prometheus" $name) -}}
{{- end -}}
{{- if and $service.autoscaling.enabled (gt (int $service.autoscaling.minReplicas) (int $service.autoscaling.maxReplicas)) }}
{{- $faults = append $faults (printf "services.%s.autoscaling: minReplicas is above maxReplicas" $name) -}}
{{- end -}}
{{- range $service.needs }}
{{- if not (hasKey $v.networkPolicy.peers .) }}
{{- $faults = append $faults (printf "services.%s.needs: networkPolicy.peers knows no %s" $name .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $faults }}
{{- fail (printf "\n\nThe values do not fit together:\n- %s\n" (join "\n- " $faults)) -}}
{{- end -}}
{{- end -}}
