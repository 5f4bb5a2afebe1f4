#include "core/text/text_files.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/path_list.h"
#include "core/text/gzip.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

std::string lowerSuffixes(const fs::path& path) {
    std::string name = utf8Text(path.filename());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return name;
}

bool isTextOfFolder(const fs::path& path) {
    const std::string name = lowerSuffixes(path);
    return !name.starts_with('.') && std::ranges::any_of(std::initializer_list<std::string_view>{".txt", ".md", ".txt.gz", ".md.gz"},
                                                         [&](std::string_view suffix) { return name.ends_with(suffix); });
}

[[noreturn]] void refuseFolder(const fs::path& folder, const std::error_code& error) {
    throw InputError(utf8Text(folder), located(LAB_TEXT("files", "cannot be read"), Message::verbatim(error.message())));
}

/// Sorted by name, as far down as folders go; links to folders are not followed, which could lead round.
void addFolder(const fs::path& folder, const Watch& watch, std::vector<fs::path>& files) {
    std::error_code error;
    std::vector<fs::path> found;
    fs::recursive_directory_iterator entries(folder, fs::directory_options::skip_permission_denied, error);
    if (error) refuseFolder(folder, error);
    for (const fs::recursive_directory_iterator end; entries != end; entries.increment(error)) {
        if (error) refuseFolder(folder, error);
        tellWatch(watch, 0, utf8Text(folder));
        const bool hidden = utf8Text(entries->path().filename()).starts_with('.');
        if (entries->is_directory(error)) {
            if (hidden) entries.disable_recursion_pending();
        } else if (!hidden && isTextOfFolder(entries->path()) && entries->is_regular_file(error) && entries->file_size(error) > 0) {
            found.push_back(entries->path());
        }
    }
    if (error) refuseFolder(folder, error);  // which ends the loop
    if (found.empty())
        throw InputError(utf8Text(folder),
                         LAB_TEXT("text", "holds no text: files .txt or .md, which may be packed as .gz, are looked for"));
    std::ranges::sort(found);
    files.insert(files.end(), found.begin(), found.end());
}

std::uintmax_t sizeOf(const fs::path& path) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    return error ? 0 : size;
}

[[noreturn]] void refuseSize(const std::string& name) {
    throw InputError(name, LAB_TEXT("text", "is 2 GB or more, which is more than can be read"));
}

}  // namespace

std::vector<fs::path> textFilesOf(const std::string& paths, const fs::path& folder, const Watch& watch) {
    std::vector<fs::path> files;
    for (const std::string& each : pathsInList(paths)) {
        const fs::path path = (folder / pathFromUtf8(each)).lexically_normal();
        std::error_code error;
        if (fs::is_directory(path, error))
            addFolder(path, watch, files);
        else
            files.push_back(path);
    }
    if (files.empty()) throw InputError(LAB_TEXT("text", "no file of text is named"));
    std::uintmax_t whole = 0;
    for (const fs::path& file : files) {
        const std::uintmax_t size = sizeOf(file);
        if (size >= mostTextBytes) refuseSize(utf8Text(file));
        whole += size;
    }
    if (whole >= mostTextBytes)
        throw InputError(LAB_TEXT("text", "the files of text are 2 GB or more together, which is more than can be read"));
    return files;
}

void requireText(std::string_view bytes, const std::string& name) {
    if (bytes.empty()) throw InputError(name, LAB_TEXT("text", "is empty"));
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
        throw InputError(name, LAB_TEXT("text", "is UTF-16: save it as UTF-8, which is what is read"));
    // A stray NUL is a control character to be cleaned away; one byte in a thousand of the start is no text.
    const std::string_view start = bytes.substr(0, 1 << 16);
    const auto nuls = static_cast<std::size_t>(std::ranges::count(start, '\0'));
    if (nuls * 1000 > start.size()) throw InputError(name, LAB_TEXT("text", "is binary, not text: it is full of NUL bytes"));
}

std::vector<RawText> readTexts(const std::string& paths, const fs::path& folder, const Watch& watch) {
    const std::vector<fs::path> files = textFilesOf(paths, folder, watch);
    double whole = 0, done = 0;
    for (const fs::path& file : files) whole += static_cast<double>(sizeOf(file));
    std::size_t total = 0;
    std::vector<RawText> texts;
    for (const fs::path& file : files) {
        const std::string name = utf8Text(file.lexically_proximate(folder.lexically_normal()));
        const double part = whole > 0 ? static_cast<double>(sizeOf(file)) / whole : 0;
        std::string bytes = readFile(file, partOfWatch(watch, done, done + part));
        if (isGzip(bytes)) bytes = unpackedGzip(bytes, name, mostTextBytes, partOfWatch(watch, done, done + part));
        requireText(bytes, name);
        done += part;
        total += bytes.size();
        if (total >= mostTextBytes) refuseSize(name);
        bytes.shrink_to_fit();  // readFile leaves room for another MB
        texts.push_back({name.empty() ? utf8Text(file) : name, std::move(bytes)});
    }
    return texts;
}

}  // namespace lab
