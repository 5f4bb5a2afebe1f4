#pragma once

#include <filesystem>
#include <string>

#include "server/http/request.h"
#include "server/http/response.h"

namespace lab::server {

/// A file as an answer, or the part of it that Range asks for. The file itself goes at once: the answer holds it open.
Response fileResponse(const Request& request, const std::filesystem::path& file, std::string type, const std::string& tag);

/// A file that stays. `link` is a name for as long as the answer takes, in the same file system.
Response keptFileResponse(const Request& request, const std::filesystem::path& file, const std::filesystem::path& link, std::string type,
                          const std::string& tag);

/// Whether If-None-Match has the tag.
bool hasTag(const Request& request, const std::string& tag);
/// 304.
Response notModified(const std::string& tag);

}  // namespace lab::server
