#include "ui/widgets/text_chip.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <vector>

#include "ui/widgets/color_map.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/piece_text.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int textChipPadding = 5;
constexpr int tablePadding = 4;
constexpr int textChipLeastWidth = 16;
constexpr int mostWidth = 160;

struct TextChipWords {
    Q_DECLARE_TR_FUNCTIONS(TextChip)
};

std::vector<PieceRun> runsOf(const TextChip& chip, const QString& text) {
    if (chip.kind == TextChip::Kind::special) return {{text, PieceRun::Mark::none, true}};
    std::vector<PieceRun> runs = pieceRuns(text);
    if (chip.kind == TextChip::Kind::bytes)
        for (PieceRun& run : runs) run.muted = true;
    if (chip.inside) runs.insert(runs.begin(), {QStringLiteral("##"), PieceRun::Mark::none, true});
    return runs;
}

QFont fontOf(ChipSize size, bool muted) {
    if (muted) return Theme::instance().font(TextSize::caption);
    return Theme::instance().font(size == ChipSize::table ? TextSize::axis : TextSize::token, size != ChipSize::table);
}

double widthOf(const PieceRun& run, ChipSize size) {
    return run.mark == PieceRun::Mark::none ? textAdvance(fontOf(size, run.muted), run.letters) : pieceMarkWidth(run.mark);
}

double widthOf(const std::vector<PieceRun>& runs, ChipSize size) {
    double width = 0;
    for (const PieceRun& run : runs) width += widthOf(run, size);
    return width;
}

int paddingOf(ChipSize size) {
    return Theme::instance().px(size == ChipSize::table ? tablePadding : textChipPadding);
}

/// The text with so many of its characters in the middle left out that it fits.
std::vector<PieceRun> fittingRuns(const TextChip& chip, ChipSize size) {
    std::vector<PieceRun> runs = runsOf(chip, chip.text);
    const double room = Theme::instance().px(mostWidth) - 2 * paddingOf(size);
    for (int kept = std::min<int>(static_cast<int>(chip.text.size()) - 1, 60); kept > 2 && widthOf(runs, size) > room; --kept) {
        const int left = (kept + 1) / 2;
        runs = runsOf(chip, chip.text.left(left) + QStringLiteral("\u2026") + chip.text.right(kept - left));
    }
    return runs;
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
    const QColor fill = !look.fill.isValid() ? theme.color(Role::screen) : look.fill;
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.hovered && !look.fill.isValid() ? QBrush(theme.color(Role::hover))
                     : special                            ? QBrush(Qt::NoBrush)
                                                          : QBrush(fill));
    if (look.joinsLeft || look.joinsRight)
        painter.drawRect(room);
    else
        painter.drawRoundedRect(room, theme.px(3), theme.px(3));
    const bool filled = !special && look.fill.isValid();
    const QColor ink = filled ? ColorMap::ink(fill.rgb()) : theme.color(Role::text);
    QColor muted = filled ? ink : theme.color(Role::muted);
    const std::vector<PieceRun> runs = fittingRuns(chip, look.size);
    double left = room.left() + (room.width() - widthOf(runs, look.size)) / 2;
    for (const PieceRun& run : runs) {
        const double width = widthOf(run, look.size);
        if (run.mark == PieceRun::Mark::none) {
            painter.setFont(fontOf(look.size, run.muted));
            painter.setPen(run.muted ? muted : ink);
            painter.drawText(QRectF(left, room.top(), width + 1, room.height()), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                             run.letters);
        } else {
            paintPieceMark(painter, run.mark, left + theme.px(1), room.center().y() + theme.px(1), ink);
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
    for (const PieceRun& run : runsOf(chip, chip.text)) {
        if (run.mark == PieceRun::Mark::blank)
            parts << TextChipWords::tr("space");
        else if (run.mark == PieceRun::Mark::lineEnd)
            parts << TextChipWords::tr("line end");
        else if (run.mark == PieceRun::Mark::tab)
            parts << TextChipWords::tr("tab");
        else if (!run.muted || run.letters != QLatin1String("##"))
            parts << run.letters;
    }
    return parts.join(QLatin1Char(' '));
}

}  // namespace lab
