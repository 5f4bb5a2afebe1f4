#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace lab::testing {

/// Makes mistakes in the bytes of a file, drawn by a seed.
class SpoiledBytes {
public:
    explicit SpoiledBytes(std::uint32_t seed) : m_random(seed) {}

    /// From 0; 0 of none.
    std::size_t below(std::size_t n) { return n == 0 ? 0 : m_random() % n; }

    /// One of the mistakes that a file may have; `json`: also those that it may have as JSON.
    void spoil(std::string& bytes, bool json) {
        switch (below(json ? 5 : 4)) {
            case 0:
                bytes.resize(below(bytes.size()));
                break;
            case 1:
                flip(bytes, 1 + below(4), bytes.size());
                break;
            case 2:
                flip(bytes, 1 + below(8), std::min<std::size_t>(bytes.size(), 4096));
                break;
            case 3:
                json ? spoilNumber(bytes) : grow(bytes);
                break;
            default:
                spoilLine(bytes);
                break;
        }
    }

    void flip(std::string& bytes, std::size_t count, std::size_t within) {
        if (within == 0) return;
        for (std::size_t i = 0; i < count; ++i) {
            const auto value = static_cast<char>(below(256));
            bytes[below(within)] = value;
        }
    }

    /// A byte of a large number in what stands before the tensors.
    void grow(std::string& bytes) {
        const std::size_t at = below(std::min<std::size_t>(bytes.size(), 2048));
        for (std::size_t i = at; i < std::min(at + 1 + below(8), bytes.size()); ++i) bytes[i] = '\xff';
    }

    void spoilNumber(std::string& text) {
        static const char* const values[] = {"0",   "-1",    "1",    "3",  "1e9",  "16777216", "999999999999",
                                             "1.5", "\"7\"", "null", "[]", "true", "65536"};
        std::vector<std::size_t> places;
        for (std::size_t i = 1; i < text.size(); ++i)
            if (std::isdigit(static_cast<unsigned char>(text[i])) && (text[i - 1] == ' ' || text[i - 1] == '\n')) places.push_back(i);
        if (places.empty()) return;
        const std::size_t at = places[below(places.size())], end = text.find_first_of(",\n}]", at);
        text.replace(at, end - at, values[below(std::size(values))]);
    }

    /// A line less, or twice.
    void spoilLine(std::string& text) {
        const std::size_t at = text.find('\n', below(text.size()));
        const std::size_t end = at == text.npos ? at : text.find('\n', at + 1);
        if (end == text.npos) return;
        below(2) == 0 ? text.erase(at, end - at) : text.insert(end, text.substr(at, end - at));
    }

    /// A piece of it at another place, too.
    void repeat(std::string& bytes) {
        if (bytes.empty()) return;
        const std::size_t from = below(bytes.size()), length = 1 + below(std::min<std::size_t>(bytes.size() - from, 64));
        const std::string piece = bytes.substr(from, length);
        bytes.insert(below(bytes.size() + 1), piece);
    }

    /// The beginning of it and the end of another.
    void join(std::string& bytes, const std::string& other) {
        bytes.resize(below(bytes.size() + 1));
        bytes += other.substr(below(other.size() + 1));
    }

private:
    std::mt19937 m_random;
};

}  // namespace lab::testing
