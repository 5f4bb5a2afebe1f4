#include "core/pictures/picture_files.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/pictures/idx.h"
#include "core/tasks/pictures_config.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

/// Of the package's files, which do not say them (Xiao 2017, arXiv 1708.07747); a class is one word here.
constexpr std::array<const char*, 10> fashionClasses{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                                     "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle-boot"};

/// Pictures and labels.
struct IdxPair {
    fs::path pictures;
    fs::path labels;
};

bool isThere(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// A file of a folder by its name, however it is written.
std::optional<fs::path> findIn(const fs::path& folder, const std::string& name) {
    std::string other = name;
    other.replace(other.find("-idx"), 1, ".");
    for (const std::string& each : {name, name + ".gz", other, other + ".gz"})
        if (const fs::path path = folder / each; isThere(path)) return path;
    return std::nullopt;
}

fs::path requireIn(const fs::path& folder, const std::string& name) {
    if (auto found = findIn(folder, name)) return *found;
    throw InputError(utf8Text(folder), Message(LAB_TEXT("pictures", "has no file %1 or %1.gz")).arg(name));
}

/// "train" or "t10k".
IdxPair pairIn(const fs::path& folder, const std::string& part) {
    return {requireIn(folder, part + "-images-idx3-ubyte"), requireIn(folder, part + "-labels-idx1-ubyte")};
}

/// The labels beside a file of pictures.
fs::path labelsBeside(const fs::path& pictures) {
    std::string name = utf8Text(pictures.filename());
    const std::size_t images = name.rfind("images");
    if (images == std::string::npos)
        throw InputError(utf8Text(pictures),
                         LAB_TEXT("pictures", "has no \"images\" in its name, by which the file of its labels would be found"));
    name.replace(images, 6, "labels");
    if (const std::size_t idx = name.rfind("idx3"); idx != std::string::npos) name.replace(idx, 4, "idx1");
    return pictures.parent_path() / pathFromUtf8(name);
}

std::string readIdx(const fs::path& path, const Watch& watch) {
    std::error_code ignored;
    constexpr std::uintmax_t most = std::uintmax_t{1} << 31;
    if (const auto size = fs::file_size(path, ignored); size != static_cast<std::uintmax_t>(-1) && size >= most)
        throw InputError(utf8Text(path), LAB_TEXT("pictures", "is 2 GB or more, which is more than can be read"));
    return readFile(path, watch);
}

PictureSet readPair(const IdxPair& pair, const Watch& watch) {
    constexpr double almostAll = 0.95;  // labels are a byte a picture
    std::string pictures = readIdx(pair.pictures, partOfWatch(watch, 0, almostAll));
    std::string labels = readIdx(pair.labels, partOfWatch(watch, almostAll, 1));
    return pictureSetOf(std::move(pictures), utf8Text(pair.pictures), std::move(labels), utf8Text(pair.labels));
}

/// One name a line; blanks within a name become hyphens, so that it is one word.
std::vector<std::string> classesIn(const fs::path& file) {
    std::vector<std::string> names;
    std::string text = readFile(file);
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        std::string name = text.substr(from, end - from);
        from = end + 1;
        while (!name.empty() && (name.back() == '\r' || name.back() == ' ')) name.pop_back();
        std::ranges::replace_if(
            name, [](char c) { return c == ' ' || c == '\t' || c == '\r'; }, '-');
        if (name.empty()) throw InputError(utf8Text(file), Message(LAB_TEXT("pictures", "line %1 names no class")).arg(names.size() + 1));
        if (std::ranges::find(names, name) != names.end())
            throw InputError(utf8Text(file), Message(LAB_TEXT("pictures", "line %1 names %2 again")).arg(names.size() + 1).arg(name));
        names.push_back(std::move(name));
    }
    return names;
}

void requireNames(const PictureFiles& files, const fs::path& file) {
    if (files.classes.empty() || static_cast<int>(files.classes.size()) >= files.numClasses()) return;
    throw InputError(utf8Text(file), Message(LAB_PLURAL("pictures", "has %n name(s), but labels go up to %1"))
                                         .count(std::ssize(files.classes))
                                         .arg(files.numClasses() - 1));
}

PictureFiles readFolder(const fs::path& folder, const Watch& watch) {
    constexpr double ofTrain = 0.85;  // six pictures of seven, as a rule
    const IdxPair train = pairIn(folder, "train"), test = pairIn(folder, "t10k");
    PictureFiles files{readPair(train, partOfWatch(watch, 0, ofTrain)), readPair(test, partOfWatch(watch, ofTrain, 1)), {}};
    if (files.train.width != files.test.width || files.train.height != files.test.height)
        throw InputError(utf8Text(test.pictures), Message(LAB_TEXT("pictures", "has pictures of %1 x %2 pixels, but %3 of %4 x %5"))
                                                      .arg(files.test.width)
                                                      .arg(files.test.height)
                                                      .arg(utf8Text(train.pictures.filename()))
                                                      .arg(files.train.width)
                                                      .arg(files.train.height));
    if (const fs::path names = folder / "classes.txt"; isThere(names)) {
        files.classes = classesIn(names);
        requireNames(files, names);
    }
    return files;
}

}  // namespace

int PictureFiles::numClasses() const {
    int largest = 0;
    for (const PictureSet* set : {&train, &test})
        for (const std::uint8_t label : set->labels) largest = std::max(largest, int{label});
    return largest + 1;
}

fs::path fashionMnistFolder() {
    return "/usr/share/datasets/fashion-mnist";
}

PictureFiles readPictureFiles(const std::string& path, const fs::path& folder, const Watch& watch) {
    const bool named = path == fashionMnist;
    const fs::path place = named ? fashionMnistFolder() : (folder / pathFromUtf8(path)).lexically_normal();
    if (!isThere(place))
        throw InputError(utf8Text(place), LAB_TEXT("pictures",
                                                   "is not there. Debian has a data set to begin with: apt-get install "
                                                   "dataset-fashion-mnist, and the path fashion-mnist"));
    std::error_code ignored;
    if (!fs::is_directory(place, ignored)) return {readPair({place, labelsBeside(place)}, watch), {}, {}};
    PictureFiles files = readFolder(place, watch);
    if (named && files.classes.empty()) files.classes.assign(fashionClasses.begin(), fashionClasses.end());
    if (named) requireNames(files, place);
    return files;
}

}  // namespace lab
