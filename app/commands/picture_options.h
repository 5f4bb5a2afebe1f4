#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "app/commands/arguments.h"
#include "ui/widgets/figure_file.h"

namespace lab {

/// The file that a command draws into, and how.
struct PictureWish {
    std::filesystem::path file;
    FigureFormat format = FigureFormat::png;
    FigureStyle style;

    void write(const Figure& figure) const { writeFigure(file, figure, format, style); }
};

/// --scale, --width, --bare and --dark.
std::vector<Option> pictureOptions();
/// Of --out, which has to be there. Throws UsageError for another ending and for sizes that are none.
PictureWish pictureWish(const Arguments& arguments);

/// --out and pictureOptions() of a command that prints a table when --out is not given.
std::vector<Option> pictureInsteadOptions();
/// Nothing without --out. Throws as pictureWish does, InputError where the folder is not there, and UsageError where options of the table
/// and of the picture are mixed.
std::optional<PictureWish> pictureInstead(const Arguments& arguments);

}  // namespace lab
