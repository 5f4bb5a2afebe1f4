#include "app/commands/picture_options.h"

#include <iterator>
#include <string>

namespace lab {
namespace {

FigureWidth chosenWidth(const Arguments& arguments) {
    const std::string wanted = arguments.value("--width").value_or(figureWidths[0].id);
    for (std::size_t i = 0; i < std::size(figureWidths); ++i)
        if (wanted == figureWidths[i].id) return static_cast<FigureWidth>(i);
    throw UsageError("--width is screen, one-column or two-columns, not '" + wanted + "'");
}

}  // namespace

std::vector<Option> pictureOptions() {
    return {
        {"--scale", "N", "PNG: pixels for each point of the picture, 2 when not given", false},
        {"--width", "WIDTH", "screen, or as wide as on a printed page, letters of 8 pt: one-column (84 mm), two-columns (174 mm)", false},
        {"--bare", "", "without title and caption", false},
        {"--dark", "", "in the dark theme's colours", false},
    };
}

PictureWish pictureWish(const Arguments& arguments) {
    const auto format = figureFormatOf(QString::fromStdString(arguments.required("--out")));
    if (!format) throw UsageError("--out must end in .svg, .pdf, .png or .csv");
    const int dots = arguments.integer("--scale", usualDots, 1);
    if (dots > mostDots) throw UsageError("--scale is at most " + std::to_string(mostDots));
    return {*arguments.path("--out"), *format,
            FigureStyle{static_cast<double>(dots), arguments.has("--dark"), {chosenWidth(arguments), !arguments.has("--bare")}}};
}

std::vector<Option> pictureInsteadOptions() {
    std::vector<Option> options{{"--out", "FILE",
                                 "draw the page Stream's picture in place of the table, .svg, .pdf or .png; its numbers, .csv", false,
                                 FileUse::written}};
    for (const Option& option : pictureOptions()) options.push_back(option);
    return options;
}

std::optional<PictureWish> pictureInstead(const Arguments& arguments) {
    if (!arguments.has("--out")) {
        for (const Option& option : pictureOptions())
            if (arguments.has(option.name)) throw UsageError(option.name + " is about a picture: --out names its file");
        return std::nullopt;
    }
    for (const char* table : {"--csv", "--json"})
        if (arguments.has(table)) throw UsageError(std::string("--out draws a picture in place of the table: give it or ") + table);
    const PictureWish wish = pictureWish(arguments);
    checkFolderOf(wish.file);
    return wish;
}

}  // namespace lab
