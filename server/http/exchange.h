#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string_view>

#include "server/http/listener.h"

namespace lab::server {

/// One request under way: from its headers to the end of its answer.
class Exchange {
public:
    explicit Exchange(Request request) : m_request(std::move(request)) {}
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();  ///< removes what was spooled, ends the stream

    Request& request() { return m_request; }
    Front::Admission& admission() { return m_admission; }
    /// Starts a file for a body that is taken as one. False when it cannot be written.
    bool spoolTo(const std::filesystem::path& folder);
    /// Takes a piece of the body. False when it is longer than may be.
    bool take(std::string_view piece);
    /// Behind the last piece. False when it could not be kept.
    bool bodyEnds();

    std::optional<Response> response;
    bool asleep = false;  ///< a worker makes the answer

private:
    Request m_request;
    Front::Admission m_admission;
    std::FILE* m_spool = nullptr;
    std::size_t m_taken = 0;
};

}  // namespace lab::server
