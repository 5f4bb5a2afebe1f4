#include <algorithm>

#include "tests/fuzz/harness.h"
#include "tests/fuzz/quick_desk.h"

namespace lab::fuzz {
namespace {

std::string_view takeUpTo(std::string_view& text, std::string_view end) {
    const std::size_t at = std::min(text.find(end), text.size());
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(std::min(at + end.size(), text.size()));
    return taken;
}

int digitOf(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && digitOf(text[i + 1]) >= 0 && digitOf(text[i + 2]) >= 0;
        plain += escape ? static_cast<char>(digitOf(text[i + 1]) * 16 + digitOf(text[i + 2])) : text[i];
        if (escape) i += 2;
    }
    return plain;
}

/// As a client writes it, with "\n" or "\r\n".
server::Request requestOf(std::string_view text) {
    server::Request request;
    std::string_view line = takeUpTo(text, "\n");
    request.method = takeUpTo(line, " ");
    std::string_view target = takeUpTo(line, " ");
    request.path = decoded(takeUpTo(target, "?"));
    while (!target.empty()) {
        std::string_view pair = takeUpTo(target, "&");
        const std::string key = decoded(takeUpTo(pair, "="));
        request.query[key] = decoded(pair);
    }
    while (!text.empty()) {
        std::string_view header = takeUpTo(text, "\n");
        if (header.ends_with('\r')) header.remove_suffix(1);
        if (header.empty()) break;
        std::string name(takeUpTo(header, ":"));
        std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
        request.headers[name] = header;
    }
    request.body = text;
    return request;
}

}  // namespace

void request(std::string_view bytes) {
    server::Request asked = requestOf(bytes);
    QuickDesk& desk = QuickDesk::instance();
    const server::Front::Admission admission = desk.admit(asked);
    requireSoundAnswer(admission.refusal ? *admission.refusal : desk.answer(asked));
}

}  // namespace lab::fuzz
