#pragma once

#include "server/routes/route.h"

// The tables of the files in this folder.

namespace lab::server {

std::vector<Route> aboutRoutes();
std::vector<Route> experimentRoutes();
std::vector<Route> dataRoutes();
std::vector<Route> runRoutes();
std::vector<Route> runCommandRoutes();
std::vector<Route> watchRoutes();
std::vector<Route> momentRoutes();
std::vector<Route> pictureRoutes();
std::vector<Route> explanationRoutes();
std::vector<Route> writingRoutes();
std::vector<Route> sweepRoutes();
std::vector<Route> sweepRowRoutes();
std::vector<Route> hopfieldRoutes();
std::vector<Route> codeRoutes();
std::vector<Route> runCodeRoutes();

}  // namespace lab::server
