#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace lab::server {

using Fields = std::map<std::string, std::string, std::less<>>;

/// What a client asks for, after the gate: its body is whole.
struct Request {
    std::string method;  ///< "GET"
    std::string path;    ///< percent-decoded, without the query
    Fields query;
    Fields headers;                 ///< names in lower case
    Fields places;                  ///< what stands where the route's path has {name}
    std::string body;               ///< of routes that take it into memory
    std::filesystem::path spooled;  ///< of routes that take it as a file, which goes when the request does

    /// Null where there is none.
    const std::string* header(std::string_view lowerCaseName) const { return found(headers, lowerCaseName); }
    const std::string* asked(std::string_view name) const { return found(query, name); }
    const std::string& place(std::string_view name) const { return places.find(name)->second; }

private:
    static const std::string* found(const Fields& fields, std::string_view name) {
        const auto at = fields.find(name);
        return at == fields.end() ? nullptr : &at->second;
    }
};

}  // namespace lab::server
