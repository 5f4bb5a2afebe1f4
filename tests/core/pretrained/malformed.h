#pragma once

#include <QTemporaryDir>
#include <random>

#include "core/base/errors.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/core/pretrained/gguf_writer.h"

namespace lab::testing {

/// Models with mistakes in one of their files, drawn by a seed.
class MalformedModels {
public:
    explicit MalformedModels(std::uint32_t seed) : m_random(seed) {
        for (const std::string& name : pretrainedCases()) {
            Files files;
            for (const char* file : {"config.json", "model.safetensors", "tokenizer.json"})
                files[file] = readFile(pretrainedFolder / name / file);
            m_folders.push_back(std::move(files));
        }
        for (const auto& [name, architecture] : {std::pair("llama-gqa", "llama"), {"qwen2", "qwen2"}})
            m_folders.push_back({{"model.gguf", ggufOfCase(name, architecture, "qwen2")}});
    }

    /// Opens the next one. What is refused has to be refused with one sentence; other exceptions come through.
    /// Returns the sentence; empty where it opened all the same.
    std::string next() {
        Files files = m_folders[below(m_folders.size())];
        auto changed = std::next(files.begin(), static_cast<std::ptrdiff_t>(below(files.size())));
        spoil(changed->first, changed->second);
        m_what = changed->first;
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        for (const auto& [name, bytes] : files) writeText(path / name, bytes);
        try {
            openPretrained(path);
        } catch (const InputError& error) {
            return error.what();
        }
        return {};
    }
    /// The file that was spoilt last.
    const std::string& what() const { return m_what; }

private:
    using Files = std::map<std::string, std::string>;

    std::size_t below(std::size_t n) { return m_random() % n; }

    void spoil(const std::string& name, std::string& bytes) {
        const bool json = name.ends_with(".json");
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
                spoilValue(bytes);
                break;
        }
    }

    void flip(std::string& bytes, std::size_t count, std::size_t within) {
        for (std::size_t i = 0; i < count; ++i) bytes[below(within)] = static_cast<char>(below(256));
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
    void spoilValue(std::string& text) {
        const std::size_t at = text.find('\n', below(text.size()));
        const std::size_t end = at == text.npos ? at : text.find('\n', at + 1);
        if (end == text.npos) return;
        below(2) == 0 ? text.erase(at, end - at) : text.insert(end, text.substr(at, end - at));
    }

    std::mt19937 m_random;
    std::vector<Files> m_folders;
    std::string m_what;
};

}  // namespace lab::testing
