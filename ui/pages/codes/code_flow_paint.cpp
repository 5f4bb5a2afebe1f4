#include "ui/pages/codes/code_flow_paint.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/pages/codes/code_dial.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int flowNameHeight = 16, flowNameOver = 14, flowChipGap = 2, flowUnderline = 2, flowKindOver = 12, flowKindHeight = 42;
constexpr int flowArrowInset = 8, flowArrowHead = 4, flowVerdictHeight = 20, flowChosenInset = 3;

struct FlowWords {
    Q_DECLARE_TR_FUNCTIONS(CodeFlow)
};

void flowText(QPainter& painter, const QRectF& room, const QString& text, TextSize size, Role role, bool bold = false,
              Qt::Alignment side = Qt::AlignHCenter) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(size, bold));
    painter.setPen(theme.color(role));
    drawElided(painter, room, side, text);
}

/// "+3" in the last place of a block that has no room for all.
QString flowTokenText(const TokenBlock& block, std::size_t index, const QString& text) {
    return block.left > 0 && index + 1 == block.places.size() ? QStringLiteral("+%1").arg(block.left + 1) : text;
}

QRectF flowChip(const QRectF& place) {
    const double gap = Theme::instance().px(flowChipGap);
    return place.adjusted(0, 0, -gap, -gap);
}

void paintFlowSequence(QPainter& painter, const CodeFlowScene& scene, const TokenBlock& block) {
    const Theme& theme = Theme::instance();
    for (std::size_t i = 0; i < block.places.size(); ++i) {
        const QRectF chip = flowChip(block.places[i]);
        drawFrame(painter, chip, theme.px(3), theme.color(Role::controlBorder), theme.color(Role::control));
        flowText(painter, chip, flowTokenText(block, i, scene.sequence[static_cast<int>(i)]), TextSize::token, Role::text, true);
    }
}

/// What the task does not ask for is muted and has no line below; what is wrong bears a cross and a dashed line.
void paintReadBack(QPainter& painter, const QRectF& chip, const QString& text, const ReadBackToken& token) {
    const Theme& theme = Theme::instance();
    const bool bad = token.marked();
    if (bad) painter.fillRect(chip, theme.color(Role::wrongBackground));
    flowText(painter, chip, text, TextSize::token, bad ? Role::wrong : token.asked ? Role::text : Role::muted, true);
    if (!bad && !token.asked) return;
    const double width = theme.px(flowUnderline), y = chip.bottom() - width / 2;
    painter.setPen(QPen(theme.color(bad ? Role::wrong : Role::right), width, bad ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(QPointF(chip.left(), y), QPointF(chip.right(), y));
    if (!bad) return;
    painter.setFont(theme.font(TextSize::caption, true));
    painter.drawText(chip.adjusted(0, -theme.px(3), -theme.px(1), 0), Qt::AlignRight | Qt::AlignTop, QStringLiteral("\u00D7"));
}

void paintFlowWritten(QPainter& painter, const CodeFlowScene& scene, const TokenBlock& block) {
    const std::size_t count = std::min(block.places.size(), scene.written.size());
    for (std::size_t i = 0; i < count; ++i)
        paintReadBack(painter, flowChip(block.places[i]), flowTokenText(block, i, scene.written[i].text), scene.written[i]);
    const Theme& theme = Theme::instance();
    const QRectF below(block.room.left() - theme.px(flowNameOver), block.room.bottom(), block.room.width() + 2 * theme.px(flowNameOver),
                       theme.px(flowVerdictHeight));
    flowText(painter, below, scene.verdict, TextSize::text, verdictRole(scene.verdict), true);
}

void paintFlowBox(QPainter& painter, const QRectF& box, const QString& name, const QString& detail) {
    if (box.isEmpty()) return;
    const Theme& theme = Theme::instance();
    drawFrame(painter, box, theme.px(4), theme.color(Role::controlBorder), theme.color(Role::panel));
    const double half = box.height() / 2;
    flowText(painter, {box.left(), box.top() + theme.px(5), box.width(), half - theme.px(4)}, name, TextSize::text, Role::text, true);
    flowText(painter, {box.left(), box.top() + half, box.width(), half - theme.px(6)}, detail, TextSize::caption, Role::muted);
}

void paintFlowArrow(QPainter& painter, const QRectF& place) {
    const Theme& theme = Theme::instance();
    const double inset = theme.px(flowArrowInset), head = theme.px(flowArrowHead), y = place.center().y();
    const QPointF tip(place.right() - inset, y);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(theme.color(Role::controlBorder), 1.5 * theme.scale()));
    painter.drawLine(QPointF(place.left() + inset, y), tip);
    painter.drawLine(tip, tip + QPointF(-head, -head));
    painter.drawLine(tip, tip + QPointF(-head, head));
    painter.restore();
}

void paintFlowSlot(QPainter& painter, const CodeFlowLayout& layout, const CodeFlowScene& scene, std::size_t slot,
                   const CodeFlowHand& hand) {
    const Theme& theme = Theme::instance();
    const bool chosen = static_cast<int>(slot) == hand.chosen;
    if (chosen) {
        const double inset = theme.px(flowChosenInset);
        QRectF frame = layout.slotRooms[slot].adjusted(inset, -theme.px(2), -inset, 0);
        frame.setBottom(layout.codeRect(slot).bottom() + theme.px(1));
        drawFrame(painter, frame, theme.px(3), theme.color(Role::accent), theme.color(Role::selection), theme.px(2));
        const double within = theme.px(6);  // what a slot counts stands close below
        if (hand.ring) drawFocusRing(painter, frame.adjusted(within, within, -within, -within), theme.px(3));
    }
    flowText(painter, layout.slotNumberRect(slot), QString::number(slot), TextSize::caption, chosen ? Role::accent : Role::muted, chosen);
    DialLook look{.codes = scene.shape.codes, .hovered = static_cast<int>(slot) == hand.hovered};
    if (scene.known()) {
        look.code = scene.turned[slot];
        look.turned = scene.isTurned(slot);
        look.before = scene.code[slot];
    }
    (scene.switches() ? paintSwitch : paintDial)(painter, layout.dialRect(slot), look);
    if (scene.known())
        flowText(painter, layout.codeRect(slot), QString::number(look.code), layout.large ? TextSize::token : TextSize::axis,
                 look.turned ? Role::accent : Role::text, true);
    if (!layout.large) return;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    drawFormula(painter, layout.powerRect(slot), Qt::AlignHCenter, QStringLiteral("\u00D7 %1^{%2}").arg(scene.shape.codes).arg(slot));
}

/// What stands left of the first dial.
void paintSlotNames(QPainter& painter, const CodeFlowLayout& layout) {
    if (layout.slotRooms.empty() || layout.arrows.empty()) return;
    const double width = layout.arrows.front().width();
    const auto beside = [&](const QRectF& line) {
        return QRectF(layout.slotRooms.front().left() - width, line.top(), width, line.height());
    };
    flowText(painter, beside(layout.slotNumberRect(0)), FlowWords::tr("slot"), TextSize::caption, Role::muted, false, Qt::AlignRight);
    if (layout.large)
        flowText(painter, beside(layout.codeRect(0)), FlowWords::tr("code"), TextSize::axis, Role::muted, false, Qt::AlignRight);
}

void paintFlowNames(QPainter& painter, const CodeFlowLayout& layout, const CodeFlowScene& scene) {
    const Theme& theme = Theme::instance();
    const double over = theme.px(flowNameOver), height = theme.px(flowNameHeight);
    const auto above = [&](const QRectF& block) { return QRectF(block.left() - over, layout.nameTop, block.width() + 2 * over, height); };
    flowText(painter, above(layout.sequence.room), FlowWords::tr("sequence"), TextSize::caption, Role::muted);
    flowText(painter, above(layout.written.room), FlowWords::tr("read back"), TextSize::caption, Role::muted);
    if (layout.encoder.isEmpty()) return;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double kindOver = theme.px(flowKindOver);
    const QRectF below(layout.encoder.left() - kindOver, layout.encoder.bottom() + theme.px(6), layout.encoder.width() + 2 * kindOver,
                       theme.px(flowKindHeight));
    painter.drawText(below, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, scene.kind);
}

}  // namespace

void paintCodeFlow(QPainter& painter, const QRectF& room, const CodeFlowScene& scene, const CodeFlowHand& hand) {
    if (!scene.known() && !scene.emptyText.isEmpty()) return paintEmpty(painter, room, scene.emptyText);
    const CodeFlowLayout layout = CodeFlowLayout::of(scene, room);
    paintFlowNames(painter, layout, scene);
    paintFlowSequence(painter, scene, layout.sequence);
    paintFlowBox(painter, layout.encoder, FlowWords::tr("encoder"), scene.encoder);
    paintSlotNames(painter, layout);
    for (std::size_t slot = 0; slot < layout.slotRooms.size(); ++slot) paintFlowSlot(painter, layout, scene, slot, hand);
    paintFlowBox(painter, layout.decoder, FlowWords::tr("decoder"), scene.decoder);
    for (const QRectF& arrow : layout.arrows) paintFlowArrow(painter, arrow);
    if (scene.known()) paintFlowWritten(painter, scene, layout.written);
}

}  // namespace lab
