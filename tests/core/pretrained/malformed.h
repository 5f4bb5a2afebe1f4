#pragma once

#include <QTemporaryDir>

#include "core/base/errors.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/core/pretrained/gguf_writer.h"
#include "tests/spoiled_bytes.h"

namespace lab::testing {

/// Models with mistakes in one of their files, drawn by a seed.
class MalformedModels {
public:
    explicit MalformedModels(std::uint32_t seed) : m_spoiled(seed) {
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
        Files files = m_folders[m_spoiled.below(m_folders.size())];
        auto changed = std::next(files.begin(), static_cast<std::ptrdiff_t>(m_spoiled.below(files.size())));
        m_spoiled.spoil(changed->second, changed->first.ends_with(".json"));
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

    SpoiledBytes m_spoiled;
    std::vector<Files> m_folders;
    std::string m_what;
};

}  // namespace lab::testing
