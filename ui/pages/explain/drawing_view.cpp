#include "ui/pages/explain/drawing_view.h"

#include "ui/pages/explain/drawing_paint.h"
#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int drawingWidth = 250, drawingHeight = 190, boxLineHeight = 58;
constexpr std::size_t mostNarrowBars = 6;

}  // namespace

DrawingView::DrawingView(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describePicture(this, tr("Picture"));
}

void DrawingView::setDrawing(const explain::Drawing& drawing) {
    m_drawing = drawing;
    describePicture(this, plainFormula(shown(explain::titleOf(drawing))), plainFormula(shown(explain::inWords(drawing))));
    updateGeometry();
    update();
}

bool DrawingView::wide() const {
    if (const auto* bars = std::get_if<explain::BarsDrawing>(&m_drawing)) return bars->labels.size() > mostNarrowBars;
    return std::holds_alternative<explain::BoxesDrawing>(m_drawing);
}

QSize DrawingView::sizeHint() const {
    const Theme& theme = Theme::instance();
    int body = drawingHeight;
    if (const auto* boxes = std::get_if<explain::BoxesDrawing>(&m_drawing)) body = boxLineHeight * static_cast<int>(boxes->lines.size());
    const QFont font = theme.font(TextSize::axis, true);
    const int titles = formulaLinesHeight(font, wrappedFormula(font, shown(explain::titleOf(m_drawing)), theme.px(drawingWidth)));
    return {theme.px(drawingWidth), titles + theme.px(6 + body)};
}

void DrawingView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    const QStringList lines = wrappedFormula(painter.font(), shown(explain::titleOf(m_drawing)), width());
    drawFormulaLines(painter, rect(), lines);
    const int titles = formulaLinesHeight(painter.font(), lines) + theme.px(6);
    paintDrawing(painter, QRectF(0, titles, width(), height() - titles), m_drawing);
}

}  // namespace lab
