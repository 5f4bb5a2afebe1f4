#include "ui/widgets/text_chip.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <vector>

#include "ui/widgets/color_map.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int textChipPadding = 5;
constexpr int tablePadding = 4;
constexpr int textChipLeastWidth = 16;
constexpr int mostWidth = 160;
constexpr double textChipBlankWidth = 7, blankHeight = 8, markGap = 2;
constexpr double markOpacity = 0.75;
constexpr int mostBlanks = 4;  ///< drawn one by one; of more the number is written

struct TextChipWords {
    Q_DECLARE_TR_FUNCTIONS(TextChip)
};

/// A part of a chip's text: letters, or a mark.
struct Run {
    enum class Mark { none, blank, lineEnd, tab };
    QString letters{};
    Mark mark = Mark::none;
    bool muted = false;
};

Run::Mark markOf(QChar character) {
    if (character == QLatin1Char(' ')) return Run::Mark::blank;
    if (character == QLatin1Char('\n')) return Run::Mark::lineEnd;
    return character == QLatin1Char('\t') ? Run::Mark::tab : Run::Mark::none;
}

/// What cannot be seen as its code.
bool isUnseen(QChar character) {
    return character.category() == QChar::Other_Control || character.category() == QChar::Other_Format;
}

void addMarks(std::vector<Run>& runs, Run::Mark mark, int count) {
    if (count <= mostBlanks) return runs.insert(runs.end(), static_cast<std::size_t>(count), {{}, mark}), void();
    runs.push_back({{}, mark});
    runs.push_back({QStringLiteral("\u00D7%1").arg(count), Run::Mark::none, true});
}

std::vector<Run> runsOf(const TextChip& chip, const QString& text) {
    std::vector<Run> runs;
    if (chip.inside) runs.push_back({QStringLiteral("##"), Run::Mark::none, true});
    const bool muted = chip.kind != TextChip::Kind::text;
    for (int i = 0; i < text.size();) {
        const Run::Mark mark = chip.kind == TextChip::Kind::special ? Run::Mark::none : markOf(text[i]);
        const int from = i;
        if (mark != Run::Mark::none) {
            while (i < text.size() && markOf(text[i]) == mark) ++i;
            addMarks(runs, mark, i - from);
        } else if (isUnseen(text[i])) {
            runs.push_back({QString::number(text[i++].unicode(), 16).toUpper().rightJustified(2, QLatin1Char('0')), Run::Mark::none, true});
        } else {
            const bool plain = chip.kind == TextChip::Kind::special;
            while (i < text.size() && (plain || markOf(text[i]) == Run::Mark::none) && !isUnseen(text[i])) ++i;
            runs.push_back({text.mid(from, i - from), Run::Mark::none, muted});
        }
    }
    return runs;
}

QFont fontOf(ChipSize size, bool muted) {
    if (muted) return Theme::instance().font(TextSize::caption);
    return Theme::instance().font(size == ChipSize::table ? TextSize::axis : TextSize::token, size != ChipSize::table);
}

double widthOf(const Run& run, ChipSize size) {
    const Theme& theme = Theme::instance();
    if (run.mark == Run::Mark::none) return textAdvance(fontOf(size, run.muted), run.letters);
    return theme.px(run.mark == Run::Mark::blank ? textChipBlankWidth + markGap : textChipBlankWidth + 2 * markGap);
}

double widthOf(const std::vector<Run>& runs, ChipSize size) {
    double width = 0;
    for (const Run& run : runs) width += widthOf(run, size);
    return width;
}

int paddingOf(ChipSize size) {
    return Theme::instance().px(size == ChipSize::table ? tablePadding : textChipPadding);
}

/// The text with so many of its characters in the middle left out that it fits.
std::vector<Run> fittingRuns(const TextChip& chip, ChipSize size) {
    std::vector<Run> runs = runsOf(chip, chip.text);
    const double room = Theme::instance().px(mostWidth) - 2 * paddingOf(size);
    for (int kept = std::min<int>(static_cast<int>(chip.text.size()) - 1, 60); kept > 2 && widthOf(runs, size) > room; --kept) {
        const int left = (kept + 1) / 2;
        runs = runsOf(chip, chip.text.left(left) + QStringLiteral("\u2026") + chip.text.right(kept - left));
    }
    return runs;
}

void paintMark(QPainter& painter, Run::Mark mark, double left, double middle, const QColor& ink) {
    const Theme& theme = Theme::instance();
    const double width = theme.px(textChipBlankWidth), half = theme.px(blankHeight) / 2.0;
    QColor color = ink;
    color.setAlphaF(static_cast<float>(markOpacity));
    painter.setPen(QPen(color, std::max(1.0, theme.px(12) / 10.0)));
    painter.setBrush(Qt::NoBrush);
    const double bottom = middle + half, right = left + width, arrow = theme.px(3);
    if (mark == Run::Mark::blank) {
        const QPointF box[] = {{left, bottom - half}, {left, bottom}, {right, bottom}, {right, bottom - half}};
        return painter.drawPolyline(box, 4);
    }
    if (mark == Run::Mark::lineEnd) {
        const QPointF line[] = {{right, middle - half}, {right, middle + arrow}, {left, middle + arrow}};
        painter.drawPolyline(line, 3);
        const QPointF head[] = {{left + arrow, middle}, {left, middle + arrow}, {left + arrow, middle + 2 * arrow}};
        return painter.drawPolyline(head, 3);
    }
    painter.drawLine(QPointF(left, middle), QPointF(right, middle));
    const QPointF head[] = {{right - arrow, middle - arrow}, {right, middle}, {right - arrow, middle + arrow}};
    painter.drawPolyline(head, 3);
    painter.drawLine(QPointF(right, middle - half), QPointF(right, middle + half));
}

/// The border: dashed where a neighbour's piece touches and all around what is special.
void paintBorder(QPainter& painter, const QRectF& room, const TextChip& chip, const ChipLook& look, const QColor& border) {
    const Theme& theme = Theme::instance();
    if (look.chosen) return drawFrame(painter, room, theme.px(3), border, Qt::transparent, theme.px(2));
    const double line = devicePixel(painter), inset = line / 2;
    const QRectF box = room.adjusted(inset, inset, -inset, -inset);
    QPen solid(border, line), dashed(border, line);
    dashed.setDashPattern({3, 2});
    const bool special = chip.kind == TextChip::Kind::special;
    painter.setBrush(Qt::NoBrush);
    if (!look.joinsLeft && !look.joinsRight) {
        painter.setPen(special ? dashed : solid);
        return painter.drawRoundedRect(box, theme.px(3), theme.px(3));
    }
    painter.setPen(special ? dashed : solid);
    painter.drawLine(box.topLeft(), box.topRight());
    painter.drawLine(box.bottomLeft(), box.bottomRight());
    if (!look.joinsLeft) painter.drawLine(box.topLeft(), box.bottomLeft());
    painter.setPen(look.joinsRight || special ? dashed : solid);
    painter.drawLine(box.topRight(), box.bottomRight());  // the next piece's left edge is this one
}

}  // namespace

int textChipHeight(ChipSize size) {
    return Theme::instance().px(static_cast<int>(size));
}

int textChipWidth(const TextChip& chip, ChipSize size) {
    const Theme& theme = Theme::instance();
    const int needed = qCeil(widthOf(fittingRuns(chip, size), size)) + 2 * paddingOf(size);
    return std::clamp(needed, theme.px(textChipLeastWidth), theme.px(mostWidth));
}

bool isChipCut(const TextChip& chip, ChipSize size) {
    return qCeil(widthOf(runsOf(chip, chip.text), size)) + 2 * paddingOf(size) > Theme::instance().px(mostWidth);
}

QColor chipFill(double bits) {
    return QColor::fromRgb(ColorMap::themed(ColorMap::Kind::trace).color(bits / mostChipBits));
}

QColor chipShade(int index) {
    constexpr double shares[] = {0.04, 0.10, 0.16, 0.07, 0.13};  // neighbours stand apart
    const Theme& theme = Theme::instance();
    const QColor ground = theme.color(Role::screen), ink = theme.color(Role::text);
    const double share = shares[static_cast<std::size_t>(index) % std::size(shares)];
    const auto mixed = [share](int from, int to) { return qRound(from + share * (to - from)); };
    return {mixed(ground.red(), ink.red()), mixed(ground.green(), ink.green()), mixed(ground.blue(), ink.blue())};
}

void paintTextChip(QPainter& painter, const QRectF& room, const TextChip& chip, const ChipLook& look) {
    const Theme& theme = Theme::instance();
    const bool special = chip.kind == TextChip::Kind::special;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (look.faint) painter.setOpacity(0.45);
    const QColor fill = special || !look.fill.isValid() ? theme.color(Role::screen) : look.fill;
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.hovered && !look.fill.isValid() ? theme.color(Role::hover) : fill);
    if (look.joinsLeft || look.joinsRight)
        painter.drawRect(room);
    else
        painter.drawRoundedRect(room, theme.px(3), theme.px(3));
    const bool filled = !special && look.fill.isValid();
    const QColor ink = filled ? ColorMap::ink(fill.rgb()) : theme.color(Role::text);
    QColor muted = filled ? ink : theme.color(Role::muted);
    const std::vector<Run> runs = fittingRuns(chip, look.size);
    double left = room.left() + (room.width() - widthOf(runs, look.size)) / 2;
    for (const Run& run : runs) {
        const double width = widthOf(run, look.size);
        if (run.mark == Run::Mark::none) {
            painter.setFont(fontOf(look.size, run.muted));
            painter.setPen(run.muted ? muted : ink);
            painter.drawText(QRectF(left, room.top(), width + 1, room.height()), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                             run.letters);
        } else {
            paintMark(painter, run.mark, left + theme.px(1), room.center().y() + theme.px(1), ink);
        }
        left += width;
    }
    const QColor edge = theme.color(look.chosen || look.hovered ? Role::accent : Role::controlBorder);
    paintBorder(painter, room, chip, look, edge);
    painter.restore();
}

QString chipSpoken(const TextChip& chip) {
    if (!chip.spoken.isEmpty()) return chip.spoken;
    if (chip.kind == TextChip::Kind::special) return TextChipWords::tr("special token %1").arg(chip.text);
    if (chip.kind == TextChip::Kind::bytes) return TextChipWords::tr("bytes %1").arg(chip.text.trimmed());
    QStringList parts;
    for (const Run& run : runsOf(chip, chip.text)) {
        if (run.mark == Run::Mark::blank)
            parts << TextChipWords::tr("space");
        else if (run.mark == Run::Mark::lineEnd)
            parts << TextChipWords::tr("line end");
        else if (run.mark == Run::Mark::tab)
            parts << TextChipWords::tr("tab");
        else if (!run.muted || run.letters != QLatin1String("##"))
            parts << run.letters;
    }
    return parts.join(QLatin1Char(' '));
}

}  // namespace lab
