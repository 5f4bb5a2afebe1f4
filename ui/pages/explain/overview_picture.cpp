#include "ui/pages/explain/overview_picture.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <utility>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

class OverviewFigure : public Figure {
public:
    explicit OverviewFigure(const explain::Overview& overview) {
        m_scene.setOverview(overview);
        title = OverviewPicture::tr("The whole transformer");
        caption = OverviewPicture::tr(
            "From the tokens below up along the residual stream. Dashed: what this model lacks, with the setting "
            "that brings it. Outlined: the stage in hand.");
    }
    FigureTable table() const override {
        FigureTable result{{"part", "name", "there", "stage", "setting"}, {}};
        for (const OverviewScene::Box& box : m_scene.boxes())
            result.rows.push_back(
                {box.part.id, plainFormula(shown(box.part.name)).toStdString(), box.part.there ? "1" : "0", box.part.stage, box.part.key});
        return result;
    }

protected:
    QSizeF bodySize(double) const override { return laidOut().size(); }
    void paintBody(QPainter& painter, double) const override { laidOut().paint(painter); }

private:
    /// In the fonts of paper.
    OverviewScene laidOut() const {
        OverviewScene scene = m_scene;
        scene.layOut();
        return scene;
    }
    OverviewScene m_scene;
};

}  // namespace

QString partText(const explain::OverviewPart& part) {
    const QString about = shown(part.meaning);
    if (part.leads()) return about;
    if (part.key.empty()) return about;
    return about + QLatin1Char(' ') + OverviewPicture::tr("This model has none; setting: %1.").arg(QString::fromStdString(part.key));
}

std::unique_ptr<Figure> overviewFigure(const explain::Overview& overview) {
    return std::make_unique<OverviewFigure>(overview);
}

OverviewPicture::OverviewPicture(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    followTheme(this, [this] {
        m_scene.layOut();
        updateGeometry();
        update();
    });
    describe();
}

void OverviewPicture::setOverview(const explain::Overview& overview) {
    m_scene.setOverview(overview);
    if (m_scene.boxOf(m_chosen) < 0) m_chosen.clear();
    updateGeometry();
    describe();
    update();
}

QSize OverviewPicture::sizeHint() const {
    return m_scene.size().toSize();
}

/// In the middle of the room there is.
QPointF OverviewPicture::origin() const {
    const QSizeF size = m_scene.size();
    return {std::max(0.0, std::floor((width() - size.width()) / 2.0)), std::max(0.0, std::floor((height() - size.height()) / 2.0))};
}

QRectF OverviewPicture::place(const std::string& id) const {
    const int at = m_scene.boxOf(id);
    return at < 0 ? QRectF() : m_scene.boxes()[static_cast<std::size_t>(at)].place.translated(origin());
}

int OverviewPicture::box() const {
    return m_scene.boxOf(m_chosen.empty() ? m_scene.overview().current : m_chosen);
}

std::string OverviewPicture::chosenPart() const {
    return box() < 0 ? std::string() : m_scene.boxes()[static_cast<std::size_t>(box())].part.id;
}

void OverviewPicture::describe() {
    const int at = box();
    QString value;
    if (at >= 0) {
        const explain::OverviewPart& part = m_scene.boxes()[static_cast<std::size_t>(at)].part;
        value = plainFormula(shown(part.name) + QStringLiteral(": ") + partText(part));
    }
    describePicture(this, tr("The whole transformer"), value);
}

void OverviewPicture::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    painter.translate(origin());
    m_scene.paint(painter);
    if (hasFocus() && box() >= 0) drawFocusRing(painter, m_scene.boxes()[static_cast<std::size_t>(box())].place, Theme::instance().px(3));
}

bool OverviewPicture::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const int at = m_scene.boxAt(help->pos() - origin());
    if (at < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(
            help->globalPos(),
            QStringLiteral("<p>%1</p>").arg(formulaHtml(font(), partText(m_scene.boxes()[static_cast<std::size_t>(at)].part))), this);
    return true;
}

void OverviewPicture::open(const explain::OverviewPart& part) {
    if (part.leads())
        emit chosen(part.block, QString::fromStdString(part.stage));
    else if (!part.key.empty())
        emit settingWanted(QString::fromStdString(part.key));
}

void OverviewPicture::mousePressEvent(QMouseEvent* event) {
    const int at = event->button() == Qt::LeftButton ? m_scene.boxAt(event->position() - origin()) : -1;
    if (at < 0) return;
    const explain::OverviewPart part = m_scene.boxes()[static_cast<std::size_t>(at)].part;
    m_chosen = part.id;
    update();
    open(part);
}

void OverviewPicture::keyPressEvent(QKeyEvent* event) {
    const auto go = [this](int dx, int dy) {
        const int next = m_scene.nextBox(box(), dx, dy);
        if (next < 0) return;
        m_chosen = m_scene.boxes()[static_cast<std::size_t>(next)].part.id;
        describe();
        update();
        emit moved(place(m_chosen).toAlignedRect());
    };
    switch (event->key()) {
        case Qt::Key_Left:
            return go(-1, 0);
        case Qt::Key_Right:
            return go(1, 0);
        case Qt::Key_Up:
            return go(0, -1);
        case Qt::Key_Down:
            return go(0, 1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (box() >= 0) open(explain::OverviewPart(m_scene.boxes()[static_cast<std::size_t>(box())].part));
            return;
        default:
            return event->ignore();
    }
}

void OverviewPicture::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void OverviewPicture::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace lab
