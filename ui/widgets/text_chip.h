#pragma once

#include <QColor>
#include <QRectF>
#include <QString>
#include <optional>

class QPainter;

// How tokens of text look everywhere (LOOK2 2): pieces of a word touch, blanks and line ends are drawn marks, never letters.

namespace lab {

/// A token of a text as a person sees it.
struct TextChip {
    enum class Kind {
        text,
        bytes,   ///< no whole character: hexadecimal digits, muted
        special  ///< stands for no text: dashed border, muted
    };
    QString text{};  ///< as in the text, with its blanks and line ends
    Kind kind = Kind::text;
    bool inside = false;           ///< "##" stands before it, muted
    bool touches = false;          ///< of the same word as the chip before it
    std::optional<double> bits{};  ///< fills it by the map's colours, 0 .. 16
    QString below{};               ///< a small line under it: its id
    QString toolTip{};
    QString spoken{};  ///< to screen readers; without: the text with its marks said

    bool operator==(const TextChip&) const = default;
};

inline constexpr double mostChipBits = 16.0;

/// Height of chips in logical px at 100 %: in the input bar, on pages, in tables.
enum class ChipSize { bar = 26, page = 24, table = 19 };

struct ChipLook {
    ChipSize size = ChipSize::page;
    bool joinsLeft = false, joinsRight = false;  ///< touches its neighbour: dashed edge, square corners
    bool hovered = false, chosen = false;
    QColor fill{};  ///< invalid: the screen
    bool faint = false;
};

/// Px that a chip needs; at most some 160 at 100 %: longer texts are cut in the middle.
int textChipWidth(const TextChip& chip, ChipSize size);
int textChipHeight(ChipSize size);
/// Whether its text is cut in the middle.
bool isChipCut(const TextChip& chip, ChipSize size);
void paintTextChip(QPainter& painter, const QRectF& room, const TextChip& chip, const ChipLook& look);

/// By bits: the map's colours.
QColor chipFill(double bits);
/// One of five greys in turn.
QColor chipShade(int index);
/// "space the", "C3", "line end": what a screen reader says.
QString chipSpoken(const TextChip& chip);

}  // namespace lab
