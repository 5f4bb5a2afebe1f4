#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/http/request.h"
#include "server/http/response.h"
#include "server/routes/parameter.h"

namespace lab::server {

class Service;

/// A request that a route answers: its values are checked.
struct Call {
    Service& service;
    const Request& request;
    Values query;
    Values body;  ///< of a JSON body
};

/// One address of the server: a file of routes/ and a row of its table. Gate, router, OpenAPI and tests read it.
struct Route {
    enum class Body { none, json, file };
    enum class Scope {
        open,  ///< for everybody who can reach the server
        token  ///< with the server's token, where it has one
    };
    struct Answer {
        int status = 200;
        std::string type = "application/json";
        std::string what = {};
    };

    std::string name;    ///< "runs.metrics"
    std::string method;  ///< "GET"
    std::string path;    ///< "/api/v1/runs/{run}/metrics"; {run}:pause takes what stands before the colon
    Message summary;
    Response (*handle)(Call& call) = nullptr;
    Scope scope = Scope::token;
    std::vector<Parameter> query = {};
    Body body = Body::none;
    std::vector<Parameter> keys = {};  ///< of a JSON body
    std::size_t mostBytes = std::size_t{1} << 20;
    std::vector<Answer> answers = {{}};  ///< that are no refusals
    bool slow = false;                   ///< takes more than a few milliseconds: a worker does it
    bool openAi = false;                 ///< says what is wrong in the shape that OpenAI's clients read
};

/// All of them, in the order in which they are documented.
const std::vector<Route>& routes();

/// What a route's path makes of a request's; false when it is another's. `places` gets what stands for {run}.
bool matches(const std::string& pattern, const std::string& path, Fields& places);
/// The names in braces, in their order.
std::vector<std::string> placesIn(const std::string& pattern);

Response jsonResponse(const Json& json, int status = 200);
/// 204.
Response emptyResponse();

}  // namespace lab::server
