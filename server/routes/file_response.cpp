#include "server/routes/file_response.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/http/problem.h"
#include "server/http/range.h"

namespace lab::server {
namespace {

void takePart(Response& response, const ByteRange& range, std::uint64_t size) {
    response.part->offset = range.first;
    response.part->length = range.length();
    response.status = 206;
    response.headers.emplace_back("Content-Range",
                                  "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + std::to_string(size));
}

}  // namespace

bool hasTag(const Request& request, const std::string& tag) {
    const std::string* known = request.header("if-none-match");
    return known && (*known == "*" || known->find("\"" + tag + "\"") != known->npos);
}

Response notModified(const std::string& tag) {
    Response response;
    response.status = 304;
    response.headers.emplace_back("ETag", "\"" + tag + "\"");
    return response;
}

Response fileResponse(const Request& request, const std::filesystem::path& file, std::string type, const std::string& tag) {
    const int opened = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    struct stat about {};
    if (opened < 0 || fstat(opened, &about) != 0) throw Refusal(507, LAB_TEXT("server", "the answer could not be written down"));
    const auto size = static_cast<std::uint64_t>(about.st_size);
    Response response;
    response.type = std::move(type);
    response.headers = {{"ETag", "\"" + tag + "\""}, {"Accept-Ranges", "bytes"}};
    response.part = Response::FilePart{opened, 0, size};
    try {
        const std::string* header = request.header("range");
        if (const auto range = header ? rangeOf(*header, size) : std::nullopt) takePart(response, *range, size);
    } catch (const Refusal&) {
        close(opened);
        throw;
    }
    return response;
}

Response keptFileResponse(const Request& request, const std::filesystem::path& file, const std::filesystem::path& link, std::string type,
                          const std::string& tag) {
    if (hasTag(request, tag)) return notModified(tag);
    std::error_code error;
    std::filesystem::create_hard_link(file, link, error);
    if (error) throw Refusal(507, LAB_TEXT("server", "the answer could not be written down"));
    return fileResponse(request, link, std::move(type), tag);
}

}  // namespace lab::server
