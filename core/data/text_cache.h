#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/data/text_dataset.h"
#include "core/text/text_files.h"

namespace lab {

/// What the tokens of a text hang on: its bytes, file by file, how it is cleaned and parted, and the tokenizer, of which `tokenizer` says
/// all. `rawHash` is the SHA-256 of all bytes one after the other. 64 hexadecimal digits.
std::string textCacheKey(const std::vector<RawText>& texts, const std::string& rawHash, const CorpusSettings& settings,
                         const std::string& tokenizer);

/// Texts that were cleaned, parted and cut into tokens before: a file each in a folder, named by its key. What is damaged, cut short or
/// not from here is as if it were not there; of more than `mostBytes` those go that were not asked for longest. Can be used by several
/// threads and processes at the same time.
class TextCache {
public:
    static constexpr std::uint64_t usualBytes = std::uint64_t{2} << 30;
    static constexpr std::size_t usualLeast = std::size_t{1} << 20;

    /// The folder need not be there. Texts of fewer than `leastText` raw bytes are made anew as fast as they are found.
    explicit TextCache(std::filesystem::path folder, std::uint64_t mostBytes = usualBytes, std::size_t leastText = usualLeast);

    bool isWorthIt(std::size_t rawBytes) const { return rawBytes >= m_leastText; }
    /// Null when it is not there. `given`: the tokenizer, unless it was learned from the text and is kept with it; `settings` are those of
    /// the key. Throws InputError when the watch ends it.
    std::shared_ptr<const TextTokens> find(const std::string& key, const std::shared_ptr<const Tokenizer>& given,
                                           const CorpusSettings& settings, const Watch& watch = {}) const;
    /// All or nothing; whether it was kept: a full disk or a folder that cannot be written is nobody's trouble. Throws as find().
    bool keep(const std::string& key, const TextTokens& text, const Watch& watch = {}) const;

    /// Whether there is a file for it, whatever is in it.
    bool has(const std::string& key) const;
    std::filesystem::path fileOf(const std::string& key) const;
    const std::filesystem::path& folder() const { return m_folder; }

private:
    void makeRoom(const std::filesystem::path& newest) const;

    std::filesystem::path m_folder;
    std::uint64_t m_mostBytes;
    std::size_t m_leastText;
};

/// The one that texts are looked for in and kept in from now on; null, as at first: in none. To be set before anything is loaded.
void useTextCache(std::shared_ptr<const TextCache> cache);
std::shared_ptr<const TextCache> textCache();
/// In this user's folder of caches; null where there is none.
std::shared_ptr<const TextCache> usersTextCache();

}  // namespace lab
