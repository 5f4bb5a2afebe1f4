#pragma once

#include <QByteArray>
#include <QImage>
#include <filesystem>
#include <optional>

#include "ui/widgets/figure.h"

namespace lab {

/// "svg", without the dot.
QString suffixOf(FigureFormat format);
/// By the file name's end, whatever its case; nothing for other names.
std::optional<FigureFormat> figureFormatOf(const QString& fileName);

/// Null when the picture would be too large.
QImage figureImage(const Figure& figure, const FigureStyle& style = {});

/// May be called on any thread. Throws InputError.
QByteArray pngBytes(const QImage& image);

/// The file's content. Throws InputError when the picture would be too large.
QByteArray figureBytes(const Figure& figure, FigureFormat format, const FigureStyle& style = {});

/// Writes the whole file or leaves what was there as it was; throws InputError naming the file and the reason.
void writeFigure(const std::filesystem::path& path, const Figure& figure, FigureFormat format, const FigureStyle& style = {});

/// The same for any content.
void writeBytes(const std::filesystem::path& path, const QByteArray& bytes);

}  // namespace lab
