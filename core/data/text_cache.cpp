#include "core/data/text_cache.h"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"
#include "core/data/text_cache_file.h"
#include "core/text/sha256.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".tokens", unfinishedEnding = ".part";

/// Nobody else's file is ever touched.
bool isOurs(const fs::path& path) {
    const std::string name = utf8Text(path.filename());
    constexpr std::size_t digits = 64;
    const bool named = name.size() >= digits + ending.size() && name.substr(digits).starts_with(ending);
    return named && std::ranges::all_of(name.substr(0, digits), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

struct KeptFile {
    fs::path path;
    fs::file_time_type asked;
    std::uint64_t bytes = 0;
};

/// Those that are whole; what a process left that was killed goes.
std::vector<KeptFile> keptFiles(const fs::path& folder) {
    std::vector<KeptFile> files;
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
        std::error_code gone;
        const fs::path path = entry->path();
        if (!isOurs(path) || !entry->is_regular_file(gone)) continue;
        const fs::file_time_type asked = entry->last_write_time(gone);
        const std::uint64_t bytes = entry->file_size(gone);
        if (gone) continue;
        const bool unfinished = utf8Text(path.filename()).ends_with(unfinishedEnding);
        if (!unfinished)
            files.push_back({path, asked, bytes});
        else if (fs::file_time_type::clock::now() - asked > std::chrono::hours(1))
            fs::remove(path, gone);
    }
    return files;
}

/// For its owner alone: these are a person's texts.
bool makeFolder(const fs::path& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error)) return true;
    fs::create_directories(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
    return !error;
}

/// A name that no other thread or process takes.
fs::path unfinishedName(const fs::path& file) {
    static std::atomic<unsigned> count = 0;
    fs::path name = file;
    name += "." + std::to_string(processNumber()) + "-" + std::to_string(count++) + std::string(unfinishedEnding);
    return name;
}

}  // namespace

std::string textCacheKey(const std::vector<RawText>& texts, const std::string& rawHash, const CorpusSettings& settings,
                         const std::string& tokenizer) {
    std::string all = std::string(textCacheFormat) + "\n" + rawHash + "\n";
    for (const RawText& text : texts) all += std::to_string(text.bytes.size()) + ",";
    all += "\n" + versionText(settings) + (settings.splitTail ? "\nt" : "\nd") + numberText(settings.validationShare);
    return sha256Hex(all + "\n" + tokenizer);
}

TextCache::TextCache(fs::path folder, std::uint64_t mostBytes, std::size_t leastText)
    : m_folder(std::move(folder)), m_mostBytes(mostBytes), m_leastText(leastText) {}

fs::path TextCache::fileOf(const std::string& key) const {
    return m_folder / (key + std::string(ending));
}

bool TextCache::has(const std::string& key) const {
    std::error_code error;
    return fs::is_regular_file(fileOf(key), error);
}

std::shared_ptr<const TextTokens> TextCache::find(const std::string& key, const std::shared_ptr<const Tokenizer>& given,
                                                  const CorpusSettings& settings, const Watch& watch) const {
    const fs::path file = fileOf(key);
    auto text = readTextCacheFile(file, key, given, watch);
    if (!text) return nullptr;
    text->corpus.notes = corpusNotes(text->corpus, settings);
    std::error_code error;
    fs::last_write_time(file, fs::file_time_type::clock::now(), error);  // was asked for
    auto tokens = std::make_shared<TextTokens>();
    tokens->corpus = std::make_shared<const Corpus>(std::move(text->corpus));
    tokens->tokenizer = std::move(text->tokenizer);
    tokens->train = std::move(text->train);
    tokens->validation = std::move(text->validation);
    return tokens;
}

bool TextCache::keep(const std::string& key, const TextTokens& text, const Watch& watch) const {
    const std::size_t bytes = text.corpus->train.size() + text.corpus->validation.size() + text.train.bytes() + text.validation.bytes();
    if (bytes > m_mostBytes || !makeFolder(m_folder)) return false;
    const fs::path file = fileOf(key), unfinished = unfinishedName(file);
    std::error_code error;
    try {
        if (writeTextCacheFile(unfinished, key, text, watch))
            fs::rename(unfinished, file, error);
        else
            error = std::make_error_code(std::errc::io_error);
    } catch (...) {
        fs::remove(unfinished, error);  // left off
        throw;
    }
    if (error) {
        fs::remove(unfinished, error);
        return false;
    }
    makeRoom(file);
    return true;
}

void TextCache::makeRoom(const fs::path& newest) const {
    std::vector<KeptFile> files = keptFiles(m_folder);
    std::uint64_t bytes = 0;
    for (const KeptFile& file : files) bytes += file.bytes;
    std::ranges::sort(files, {}, &KeptFile::asked);
    for (const KeptFile& file : files) {
        if (bytes <= m_mostBytes) return;
        std::error_code error;
        if (file.path != newest && fs::remove(file.path, error)) bytes -= file.bytes;
    }
}

namespace {

std::atomic<std::shared_ptr<const TextCache>>& theTextCache() {
    static std::atomic<std::shared_ptr<const TextCache>> cache;
    return cache;
}

}  // namespace

void useTextCache(std::shared_ptr<const TextCache> cache) {
    theTextCache() = std::move(cache);
}

std::shared_ptr<const TextCache> textCache() {
    return theTextCache();
}

std::shared_ptr<const TextCache> usersTextCache() {
    const fs::path folder = userCacheFolder();
    return folder.empty() ? nullptr : std::make_shared<const TextCache>(folder / "attention-lab" / "texts");
}

}  // namespace lab
