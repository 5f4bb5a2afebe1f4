#include "server/service/data_shelf.h"

#include <algorithm>
#include <tuple>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/base/unfinished_files.h"
#include "core/config/data_files.h"
#include "server/http/problem.h"

namespace lab::server {
namespace {

constexpr std::size_t longestName = 64;

bool isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::string versionOf(const std::string& name, int version, const std::string& ending) {
    return name + "." + std::to_string(version) + ending;
}

}  // namespace

bool isName(std::string_view name) {
    return !name.empty() && name.size() <= longestName && std::ranges::all_of(name, isNameCharacter);
}

bool isDataName(std::string_view file) {
    return !file.empty() && file.size() <= 2 * longestName && !file.starts_with('.') &&
           std::ranges::all_of(file, [](char c) { return isNameCharacter(c) || c == '.'; });
}

DataShelf::DataShelf(std::filesystem::path folder) : m_folder(std::move(folder)) {
    std::filesystem::create_directories(m_folder);
    removeUnfinished(m_folder);
}

DataShelf::Item DataShelf::add(const std::string& name, const std::string& ending, const std::string& bytes) {
    if (!isName(name))
        throw InputError(
            "name", Message(LAB_TEXT("server", "%1 is no name; letters, digits, - and _ make one, at most %2")).arg(name).arg(longestName));
    const std::lock_guard lock(m_adding);
    int version = 1;
    while (has(versionOf(name, version, ending))) ++version;
    if (version > 1 && readFile(m_folder / versionOf(name, version - 1, ending)) == bytes)
        return {versionOf(name, version - 1, ending), bytes.size()};
    const std::string file = versionOf(name, version, ending);
    replaceFile(m_folder / file, {bytes});
    return {file, bytes.size()};
}

std::vector<DataShelf::Item> DataShelf::all() const {
    std::vector<Item> items;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder))
        if (const std::string name = utf8Text(entry.path().filename()); entry.is_regular_file() && has(name))
            items.push_back({name, entry.file_size()});
    std::ranges::sort(items, {}, &Item::file);
    return items;
}

bool DataShelf::has(const std::string& file) const {
    std::error_code ignored;
    return isDataName(file) && !isUnfinished(file) && std::filesystem::is_regular_file(m_folder / file, ignored);
}

std::filesystem::path DataShelf::fileOf(const std::string& file) const {
    if (!has(file)) throw Refusal(404, Message(LAB_TEXT("server", "there is no data set %1")).arg(file));
    return m_folder / file;
}

void DataShelf::remove(const std::string& file) const {
    std::filesystem::remove(fileOf(file));
}

void DataShelf::requireHere(const Experiment& experiment) const {
    for (const DataFile& file : dataFilesOf(experiment))
        if (!has(file.path))
            throw InputError(file.key, Message(LAB_TEXT("server", "there is no data set %1 here; upload it first")).arg(file.path));
}

bool nameTheSameData(const Experiment& a, const Experiment& b) {
    const auto names = [](const TaskConfig& task) {
        return std::tie(task.path, task.validation_path, task.text.tokenizer, task.text.sentences);
    };
    return names(a.task) == names(b.task);
}

}  // namespace lab::server
