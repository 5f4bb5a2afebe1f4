#include "server/http/exchange.h"

#include <unistd.h>

#include <utility>

namespace lab::server {

Exchange::~Exchange() {
    if (m_spool) std::fclose(m_spool);
    if (!m_request.spooled.empty()) {
        std::error_code ignored;
        std::filesystem::remove(m_request.spooled, ignored);
    }
    if (response && response->stream) response->stream->abandon();
}

bool Exchange::spoolTo(const std::filesystem::path& folder) {
    std::string name = (folder / "upload-XXXXXX").string();
    const int file = mkstemp(name.data());
    if (file < 0) return false;
    m_request.spooled = name;
    m_spool = fdopen(file, "wb");
    return m_spool != nullptr;
}

bool Exchange::take(std::string_view piece) {
    if (piece.size() > m_admission.most - m_taken) return false;
    m_taken += piece.size();
    if (!m_spool)
        m_request.body += piece;
    else if (!std::ferror(m_spool))
        static_cast<void>(std::fwrite(piece.data(), 1, piece.size(), m_spool));
    return true;
}

bool Exchange::bodyEnds() {
    if (!m_spool) return true;
    const bool failed = std::ferror(m_spool) != 0;
    const bool closed = std::fclose(std::exchange(m_spool, nullptr)) == 0;
    return closed && !failed;
}

}  // namespace lab::server
