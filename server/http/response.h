#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/http/stream.h"

namespace lab::server {

struct Response {
    int status = 200;
    std::string type = "application/json";  ///< of the body
    std::string body;
    StreamPtr stream = nullptr;                 ///< instead of the body
    std::function<void(Stream&)> produce = {};  ///< makes the stream, on a worker
    /// Instead of the body: `length` bytes of an open file from `offset` on, which is closed behind the answer.
    struct FilePart {
        int file = -1;
        std::uint64_t offset = 0, length = 0;
    };
    std::optional<FilePart> part = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
};

}  // namespace lab::server
