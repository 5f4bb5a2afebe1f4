#pragma once

#include "core/base/errors.h"
#include "core/pretrained/gguf_file.h"

namespace lab {

/// The keys of a GGUF file, asked one by one. Throws InputError naming file and key.
class GgufKeys {
public:
    GgufKeys(std::map<std::string, GgufValue> keys, std::string file) : m_keys(std::move(keys)), m_file(std::move(file)) {}

    /// Null when it is absent or of another kind.
    template <class T>
    const T* find(const std::string& key) const {
        const auto found = m_keys.find(key);
        return found == m_keys.end() ? nullptr : std::get_if<T>(&found->second);
    }
    template <class T>
    const T& at(const std::string& key) const {
        if (const T* value = find<T>(key)) return *value;
        throw InputError(m_file, Message(LAB_TEXT("pretrained", "key %1 is missing, or of another kind")).arg(key));
    }
    [[noreturn]] void refuse(const std::string& key, const std::string& value) const {
        throw InputError(m_file,
                         located(key, Message(LAB_TEXT("pretrained", "%1 is something that this program does not know")).arg(value)));
    }
    const std::string& file() const { return m_file; }

private:
    std::map<std::string, GgufValue> m_keys;
    std::string m_file;
};

/// The tokenizer.json of a GGUF file's tokenizer: byte-level BPE ("gpt2") or SentencePiece's BPE by scores ("llama").
std::string tokenizerOfGguf(const GgufKeys& keys);

}  // namespace lab
