#pragma once

#include <QImage>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "core/base/message.h"

namespace lab {

enum class FilmFormat { frames, animated, gif, mp4 };

/// Takes a film's pictures one by one and makes a file of them. Called away from the window, by one thread at a time; throws InputError.
class FilmWriter {
public:
    virtual ~FilmWriter() = default;
    virtual void add(const QImage& picture, std::int64_t step) = 0;
    virtual void finish() = 0;
};

struct FilmPlan {
    std::filesystem::path target;
    int milliseconds = 100;  ///< that each picture stands for
    int rest = 2000;         ///< and the last one
};

/// A row for each format.
struct FilmFormatSpec {
    FilmFormat format;
    const char* suffix;  ///< empty: the target is a folder
    SourceText name;
    SourceText help;
    bool (*available)();
    SourceText missing;  ///< why it cannot be chosen
    std::unique_ptr<FilmWriter> (*make)(const FilmPlan& plan);

    bool isFolder() const { return *suffix == '\0'; }
};
const FilmFormatSpec& filmFormat(FilmFormat format);
/// Those that make one file, in the order in which they are offered.
std::span<const FilmFormatSpec> filmFiles();

/// Of steps in order those from `from` to `to`, at most `most` of them, evenly spread, the first and the last among them: their places.
std::vector<int> chosenFrames(const std::vector<std::int64_t>& steps, std::int64_t from, std::int64_t to, int most);
/// ms a picture stands where a film of `frames` pictures takes so many seconds, the rest at its end apart.
int millisecondsEach(double seconds, int frames);
/// Seconds that suit a film of so many pictures.
double usualSeconds(int frames);

}  // namespace lab
