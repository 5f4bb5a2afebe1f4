#include "core/pretrained/model_files.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/io/checkpoint.h"
#include "core/pretrained/config_json.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

constexpr const char* configName = "config.json";
constexpr const char* tensorsName = "model.safetensors";
constexpr const char* indexName = "model.safetensors.index.json";

bool isFile(const fs::path& path) {
    std::error_code none;
    return fs::is_regular_file(path, none);
}

bool isFolder(const fs::path& path) {
    std::error_code none;
    return fs::is_directory(path, none);
}

/// By its name, unless it begins as a tensor file.
bool isPickle(const fs::path& path) {
    const fs::path ending = path.extension();
    return !looksLikeSafetensors(path) &&
           (ending == ".bin" || ending == ".pt" || ending == ".pth" || ending == ".ckpt" || ending == ".pkl");
}

[[noreturn]] void refusePickle(const fs::path& path) {
    throw InputError(utf8Text(path),
                     LAB_TEXT("pretrained",
                              "is a pickle, which can run any program when it is read; save the model as safetensors with the program that "
                              "made it (save_pretrained(folder, safe_serialization=True)) and open that folder"));
}

/// Files of a folder with such an ending, by name.
std::vector<fs::path> filesIn(const fs::path& folder, const std::function<bool(const fs::path&)>& wanted) {
    std::vector<fs::path> found;
    std::error_code none;
    for (fs::directory_iterator entry(folder, none), end; !none && entry != end; entry.increment(none))
        if (isFile(entry->path()) && wanted(entry->path())) found.push_back(entry->path());
    std::ranges::sort(found);
    return found;
}

/// "owner/model", where there is no such path.
bool isHubName(const fs::path& path) {
    std::error_code none;
    const std::string name = utf8Text(path);
    return !name.empty() && path.is_relative() && std::ranges::count(name, '/') == 1 && name.front() != '.' && name.back() != '/' &&
           path.extension() != ".safetensors" && path.extension() != ".json" && !fs::exists(path, none);
}

[[noreturn]] void refuseMissing(const fs::path& path) {
    const std::string name = utf8Text(path);
    if (isHubName(path))
        throw InputError(name, LAB_TEXT("pretrained",
                                        "there is no such folder; models are never fetched from the net: download it and give the path of "
                                        "its folder"));
    throw InputError(name, LAB_TEXT("pretrained", "there is no such file or folder"));
}

ModelFiles filesInFolder(const fs::path& folder) {
    if (isFile(folder / configName)) return {{}, folder};
    const auto ggufs = filesIn(folder, [](const fs::path& path) { return path.extension() == ".gguf"; });
    if (ggufs.size() == 1) return {ggufs.front(), {}};
    if (ggufs.size() > 1)
        throw InputError(
            utf8Text(folder),
            Message(LAB_PLURAL("pretrained", "there are %n .gguf file(s) in this folder; give one of them")).count(std::ssize(ggufs)));
    throw InputError(utf8Text(folder), LAB_TEXT("pretrained", "there is neither a config.json nor a .gguf file in this folder"));
}

/// A name in an index leads nowhere but beside it.
void requirePlain(const std::string& name, const std::string& index) {
    if (!name.empty() && name != "." && name != ".." && name.find_first_of("/\\:") == std::string::npos &&
        name.find('\0') == std::string::npos)
        return;
    throw InputError(index, Message(LAB_TEXT("pretrained", "'%1' is no plain name of a file in the same folder")).arg(name));
}

/// Names of tensors by their shards.
std::map<std::string, std::set<std::string>> shardsOf(const fs::path& index) {
    const ConfigReader whole = ConfigReader::parsed(readFile(index), utf8Text(index));
    const auto map = whole.object("weight_map");
    if (!map) whole.refuse("weight_map", LAB_TEXT("pretrained", "this key is missing"));
    std::map<std::string, std::set<std::string>> shards;
    for (const auto& [tensor, file] : map->json().items()) {
        const std::string name = map->text(tensor.c_str(), "");
        requirePlain(name, utf8Text(index));
        shards[name].insert(tensor);
    }
    return shards;
}

void addShard(StoredTensors& tensors, const fs::path& path, const std::set<std::string>& wanted) {
    const std::vector<std::string> found = addSafetensors(tensors, path);
    for (const std::string& name : found)
        if (!wanted.contains(name))
            throw InputError(utf8Text(path), Message(LAB_TEXT("pretrained", "tensor %1 is not in the index")).arg(name));
    for (const std::string& name : wanted)
        if (std::ranges::find(found, name) == found.end())
            throw InputError(utf8Text(path),
                             Message(LAB_TEXT("pretrained", "tensor %1 is missing, which the index says is in it")).arg(name));
}

bool isOwnCheckpoint(const fs::path& path) {
    if (!looksLikeSafetensors(path)) return false;
    try {
        const Metadata metadata = readSafetensorsMetadata(path);
        return std::ranges::any_of(metadata, [](const auto& entry) { return entry.first.starts_with("attention_lab."); });
    } catch (const InputError&) {
        return false;
    }
}

}  // namespace

bool looksPretrained(const fs::path& path) {
    if (isFolder(path) || path.extension() == ".gguf" || isPickle(path) || isHubName(path)) return true;
    const bool part = path.extension() == ".safetensors" || path.filename() == configName || path.filename() == indexName;
    return part && isFile(path) && isFile(path.parent_path() / configName) && !isOwnCheckpoint(path);
}

bool holdsPretrained(const fs::path& path) {
    if (!isFolder(path)) return isFile(path) && looksPretrained(path);
    const auto ofModel = [](const fs::path& each) {
        return each.filename() == configName || each.extension() == ".gguf" || isPickle(each);
    };
    return !filesIn(path, ofModel).empty();
}

ModelFiles modelFilesAt(const fs::path& path) {
    if (isFolder(path)) return filesInFolder(path);
    std::error_code none;
    if (!fs::exists(path, none)) refuseMissing(path);
    if (isPickle(path)) refusePickle(path);
    if (path.extension() == ".gguf") return {path, {}};
    return filesInFolder(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

StoredTensors tensorsIn(const fs::path& folder) {
    StoredTensors tensors;
    tensors.setPlace(utf8Text(folder));
    if (isFile(folder / tensorsName)) {
        addSafetensors(tensors, folder / tensorsName);
        return tensors;
    }
    if (isFile(folder / indexName)) {
        for (const auto& [file, names] : shardsOf(folder / indexName)) addShard(tensors, folder / pathFromUtf8(file), names);
        return tensors;
    }
    const auto pickles = filesIn(folder, isPickle);
    if (!pickles.empty()) refusePickle(pickles.front());
    throw InputError(utf8Text(folder), Message(LAB_TEXT("pretrained", "there is no %1 in this folder")).arg(tensorsName));
}

}  // namespace lab
