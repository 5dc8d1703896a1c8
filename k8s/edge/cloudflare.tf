# Cloudflare in front of the hosts: DNS, TLS, cache rules by host, WAF, and room for programs on mesh., intel. and snap.
# A beginning: fill in the variables, read docs/operate/edge.md, then terraform apply.

terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare", version = "~> 5.0" }
  }
}

variable "zone_id" { type = string }
variable "domain" { type = string } # example.org
variable "origin" { type = string } # the host name of the ingress

locals {
  doors    = toset(["api", "app", "mesh", "intel", "snap"])
  programs = "(http.host in {\"mesh.${var.domain}\" \"intel.${var.domain}\" \"snap.${var.domain}\"})"
}

resource "cloudflare_dns_record" "door" {
  for_each = local.doors
  zone_id  = var.zone_id
  name     = "${each.key}.${var.domain}"
  type     = "CNAME"
  content  = var.origin
  proxied  = true
  ttl      = 1
}

resource "cloudflare_zone_setting" "ssl" {
  zone_id    = var.zone_id
  setting_id = "ssl"
  value      = "strict"
}

resource "cloudflare_ruleset" "cache" {
  zone_id = var.zone_id
  name    = "evidverse cache"
  kind    = "zone"
  phase   = "http_request_cache_settings"
  rules = [
    {
      description = "Snapshots are static files: keep them for as long as they say"
      expression  = "(http.host eq \"snap.${var.domain}\")"
      action      = "set_cache_settings"
      action_parameters = {
        cache       = true
        edge_ttl    = { mode = "respect_origin" }
        browser_ttl = { mode = "respect_origin" }
      }
    },
    {
      description       = "Nothing else is kept unless it says so"
      expression        = "(http.host in {\"api.${var.domain}\" \"mesh.${var.domain}\"})"
      action            = "set_cache_settings"
      action_parameters = { cache = false }
    }
  ]
}

resource "cloudflare_ruleset" "programs" {
  zone_id = var.zone_id
  name    = "programs are not asked to prove that they are people"
  kind    = "zone"
  phase   = "http_request_firewall_custom"
  rules = [
    {
      expression        = local.programs
      action            = "skip"
      action_parameters = { phases = ["http_request_sbfm"], products = ["bic", "uaBlock"] }
      logging           = { enabled = true }
    }
  ]
}

resource "cloudflare_ruleset" "signing_in" {
  zone_id = var.zone_id
  name    = "few attempts at passwords"
  kind    = "zone"
  phase   = "http_ratelimit"
  rules = [
    {
      expression = "(http.host eq \"api.${var.domain}\" and starts_with(http.request.uri.path, \"/api/v1/auth/\"))"
      action     = "block"
      ratelimit = {
        characteristics     = ["ip.src", "cf.colo.id"]
        period              = 60
        requests_per_period = 60
        mitigation_timeout  = 60
      }
    }
  ]
}
