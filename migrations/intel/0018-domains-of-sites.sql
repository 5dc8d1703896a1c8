-- The domains at which a site is asked; each is one site's. Rules that ask anybody else are not published.
create table site_domains (
  domain text primary key check (domain ~ '^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$'),
  site text not null
);
create index site_domains_site_idx on site_domains (site);
