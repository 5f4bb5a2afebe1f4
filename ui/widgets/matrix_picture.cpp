#include "ui/widgets/matrix_picture.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/stage_figure.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

/// A stage's figure with the picture in the place of the cells.
class MatrixFigure : public Figure {
public:
    MatrixFigure(const explain::Stage& stage, const explain::CellRef& cell) : m_numbers(stage, cell) {
        m_scene.setStage(stage, cell);
        title = m_numbers.title;
        caption = m_numbers.caption + QLatin1Char(' ') + m_scene.result();
    }
    FigureTable table() const override { return m_numbers.table(); }

protected:
    QSizeF bodySize(double width) const override { return {width > 0.0 ? width : 640.0, std::max(m_scene.leastHeight(), 360.0)}; }
    void paintBody(QPainter& painter, double width) const override { m_scene.paint(painter, QRectF(QPointF(), bodySize(width))); }

private:
    StageFigure m_numbers;
    MatrixScene m_scene;
};

}  // namespace

MatrixPicture::MatrixPicture(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    describePicture(this, tr("Matrix"));
}

void MatrixPicture::setStage(const explain::Stage& stage, const explain::CellRef& cell) {
    if (&stage != &m_stage) m_stage = stage;
    m_selected = cell;
    m_scene.setStage(m_stage, cell);
    describePicture(this, plainFormula(shown(m_stage.heading)), m_scene.empty() ? QString() : m_scene.result());
    updateGeometry();
    update();
}

QSize MatrixPicture::sizeHint() const {
    return {Theme::instance().px(220), static_cast<int>(m_scene.leastHeight())};
}

void MatrixPicture::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    m_scene.paint(painter, rect());
}

bool MatrixPicture::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const auto product = m_scene.productAt(help->pos(), rect());
    if (product)
        QToolTip::showText(help->globalPos(), m_scene.productText(*product), this);
    else
        QToolTip::hideText();
    return true;
}

void MatrixPicture::choose(const explain::CellRef& cell) {
    setSelected(cell);
    emit chosen(cell);
}

void MatrixPicture::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const auto cell = m_scene.cellAt(event->position(), rect());
    if (!cell) return;
    if (*cell == m_selected)
        emit activated(*cell);
    else
        choose(*cell);
}

void MatrixPicture::keyPressEvent(QKeyEvent* event) {
    if (m_scene.empty()) return event->ignore();
    switch (event->key()) {
        case Qt::Key_Up:
            return choose(m_scene.moved(0, -1));
        case Qt::Key_Down:
            return choose(m_scene.moved(0, 1));
        case Qt::Key_Left:
            return choose(m_scene.moved(-1, 0));
        case Qt::Key_Right:
            return choose(m_scene.moved(1, 0));
        case Qt::Key_Return:
        case Qt::Key_Enter:
            emit activated(m_selected);
            return;
        default:
            event->ignore();
    }
}

std::unique_ptr<Figure> matrixFigure(const explain::Stage& stage, const explain::CellRef& cell) {
    return std::make_unique<MatrixFigure>(stage, cell);
}

}  // namespace lab
