#pragma once

#include "server/routes/route.h"

namespace lab::server {

/// JSON Schema 2020-12 of an experiment: from the fields that form, --help and validation come from.
Json experimentSchema();

/// OpenAPI 3.1 of these routes.
Json openApiOf(const std::vector<Route>& routes);

}  // namespace lab::server
