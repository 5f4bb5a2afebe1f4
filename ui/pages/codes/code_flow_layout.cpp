#include "ui/pages/codes/code_flow_layout.h"

#include <algorithm>
#include <cmath>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int flowSide = 12, flowTop = 20, flowBottom = 4;
constexpr int flowArrow = 34, flowBox = 90, flowBoxHeight = 53;
constexpr int flowTokenHeight = 28, flowTokenLeast = 25, flowTokenMost = 66, flowTokenPadding = 10, flowTokenLines = 3,
              flowTokensBeside = 4, blockMost = 220;
constexpr int verdictLine = 20, flowKindRoom = 36;
constexpr int dialsLeast = 150, dialsBesideBoxes = 260;

/// What a slot takes, from the largest to the smallest.
struct DialSize {
    int column, dial, slotLine, codeLine, powerLine;
    int height() const { return slotLine + dial + codeLine + powerLine + 2; }
};
constexpr DialSize dialSizes[] = {{74, 64, 22, 19, 16}, {60, 52, 18, 18, 14}, {50, 46, 18, 18, 14},
                                  {48, 42, 16, 16, 0},  {38, 31, 14, 15, 0},  {30, 25, 14, 15, 0}};
constexpr DialSize switchSizes[] = {{44, 40, 22, 19, 16}, {34, 30, 14, 15, 0}, {26, 26, 14, 15, 0}};
constexpr int dialsMost = 124;     ///< a smaller size is taken before the dials are higher
constexpr double mostApart = 1.4;  ///< of a column, where there is room

struct DialGrid {
    DialSize size;
    int across = 1, lines = 1;
    double column = 0;  ///< px
    double height() const { return Theme::instance().px(size.height()) * lines; }
};

DialGrid gridOf(const DialSize& size, int count, double width) {
    const int fit = std::max(1, static_cast<int>(width / Theme::instance().px(size.column)));
    const int lines = std::max(1, (count + fit - 1) / fit), across = (count + lines - 1) / lines;
    const double least = Theme::instance().px(size.column);
    return {size, across, lines, std::clamp(std::floor(width / across), least, std::floor(mostApart * least))};
}

DialGrid gridFor(const CodeFlowScene& scene, double width) {
    const auto choose = [&](const auto& sizes) {
        DialGrid grid{};
        for (const DialSize& size : sizes) {
            grid = gridOf(size, scene.shape.slotCount, width);
            if (grid.height() <= Theme::instance().px(dialsMost)) break;
        }
        return grid;
    };
    return scene.switches() ? choose(switchSizes) : choose(dialSizes);
}

double flowTokenWidth(const QStringList& tokens) {
    const Theme& theme = Theme::instance();
    double widest = 0;
    for (const QString& token : tokens) widest = std::max(widest, textAdvance(theme.font(TextSize::token, true), token));
    return std::clamp<double>(widest + theme.px(flowTokenPadding), theme.px(flowTokenLeast), theme.px(flowTokenMost));
}

TokenBlock tokenBlockOf(const QStringList& tokens, double left, double top) {
    const Theme& theme = Theme::instance();
    const int count = static_cast<int>(tokens.size());
    const double width = flowTokenWidth(tokens), height = theme.px(flowTokenHeight);
    const int most = std::max(1, static_cast<int>(theme.px(blockMost) / width));
    const int across = std::clamp((count + flowTokenLines - 1) / flowTokenLines, std::min({count, flowTokensBeside, most}), most);
    TokenBlock block;
    const int shown = std::min(count, across * flowTokenLines);
    block.left = count - shown;
    for (int i = 0; i < shown; ++i) block.places.emplace_back(left + i % across * width, top + i / across * height, width, height);
    block.room = QRectF(left, top, std::max(1, across) * width, height * std::max(1, (shown + across - 1) / std::max(1, across)));
    return block;
}

QStringList flowTextsOf(const std::vector<ReadBackToken>& written) {
    QStringList texts;
    for (const ReadBackToken& token : written) texts << token.text;
    return texts;
}

void moveBlock(TokenBlock& block, double by) {
    block.room.translate(by, 0);
    for (QRectF& place : block.places) place.translate(by, 0);
}

}  // namespace

void CodeFlowLayout::moveDown(double by) {
    for (TokenBlock* block : {&sequence, &written}) {
        block->room.translate(0, by);
        for (QRectF& place : block->places) place.translate(0, by);
    }
    for (QRectF* box : {&encoder, &decoder}) box->translate(0, by);
    for (std::vector<QRectF>* each : {&arrows, &slotRooms})
        for (QRectF& rect : *each) rect.translate(0, by);
    nameTop += by;
}

int CodeFlowLayout::leastWidth() {
    return Theme::instance().px(2 * flowSide + 2 * flowArrow + dialsLeast + 2 * flowTokensBeside * flowTokenLeast);
}

QRectF CodeFlowLayout::slotNumberRect(std::size_t slot) const {
    const QRectF& room = slotRooms[slot];
    return {room.left(), room.top(), room.width(), slotLine};
}

QRectF CodeFlowLayout::dialRect(std::size_t slot) const {
    const QRectF above = slotNumberRect(slot);
    return {above.center().x() - dial / 2, above.bottom(), dial, dial};
}

QRectF CodeFlowLayout::codeRect(std::size_t slot) const {
    const QRectF& room = slotRooms[slot];
    return {room.left(), dialRect(slot).bottom(), room.width(), codeLine};
}

QRectF CodeFlowLayout::powerRect(std::size_t slot) const {
    const QRectF above = codeRect(slot);
    return {above.left(), above.bottom(), above.width(), slotRooms[slot].bottom() - above.bottom()};
}

CodeFlowLayout CodeFlowLayout::of(const CodeFlowScene& scene, const QRectF& room) {
    const Theme& theme = Theme::instance();
    CodeFlowLayout layout;
    layout.nameTop = room.top() + theme.px(4);
    const double top = room.top() + theme.px(flowTop + 4), side = theme.px(flowSide);
    // Until it has been written as long as what it is made of.
    const QStringList written = scene.written.empty() ? scene.sequence : flowTextsOf(scene.written);
    layout.sequence = tokenBlockOf(scene.sequence, room.left() + side, top);
    layout.written = tokenBlockOf(written, 0, top);
    const double blocks = layout.sequence.room.width() + layout.written.room.width() + 2 * side;
    // Boxes give way to dials that need the room.
    const double beside = room.width() - blocks, besideBoxes = beside - 2 * theme.px(2 * flowArrow + flowBox);
    const bool boxes = besideBoxes >= theme.px(dialsBesideBoxes) && gridFor(scene, besideBoxes).height() <= theme.px(dialsMost);
    const double between = boxes ? theme.px(2 * flowArrow + flowBox) : theme.px(flowArrow);
    const DialGrid grid = gridFor(scene, std::max<double>(beside - 2 * between, theme.px(dialsLeast)));
    const double taken = grid.across * grid.column;
    // What is left stands at the right end.
    const double dialsLeft = layout.sequence.room.right() + between;
    layout.dial = theme.px(grid.size.dial);
    layout.slotLine = theme.px(grid.size.slotLine);
    layout.codeLine = theme.px(grid.size.codeLine);
    layout.large = grid.size.powerLine > 0;
    for (int slot = 0; slot < scene.shape.slotCount; ++slot)
        layout.slotRooms.emplace_back(dialsLeft + slot % grid.across * grid.column,
                                      room.top() + theme.px(4) + slot / grid.across * theme.px(grid.size.height()), grid.column,
                                      theme.px(grid.size.height()));
    moveBlock(layout.written, dialsLeft + taken + between);
    const double boxHeight = theme.px(flowBoxHeight), arrow = theme.px(flowArrow), middle = top + boxHeight / 2;
    const auto addArrow = [&](double left) { layout.arrows.emplace_back(left, middle - theme.px(4), arrow, theme.px(8)); };
    addArrow(layout.sequence.room.right());
    addArrow(dialsLeft + taken);
    if (boxes) {
        layout.encoder = QRectF(layout.sequence.room.right() + arrow, top, theme.px(flowBox), boxHeight);
        layout.decoder = QRectF(dialsLeft + taken + arrow, top, theme.px(flowBox), boxHeight);
        addArrow(layout.encoder.right());
        addArrow(layout.decoder.right());
    }
    const double blockBottom = std::max(layout.sequence.room.bottom(), layout.written.room.bottom() + theme.px(verdictLine));
    const double dialsHeight = theme.px(4) + std::max<double>(grid.height(), theme.px(dialsMost));
    layout.height = std::max(dialsHeight, blockBottom - room.top()) + theme.px(flowBottom);
    // What is lower stands in the middle.
    const double kindBottom = boxes ? layout.encoder.bottom() + theme.px(flowKindRoom) : 0;
    const double bottom = std::max({room.top() + theme.px(4) + grid.height(), blockBottom, kindBottom});
    layout.moveDown(std::max(0.0, std::floor((room.top() + layout.height - theme.px(flowBottom) - bottom) / 2)));
    return layout;
}

}  // namespace lab
