#include "ui/pages/explain/softmax_lab_view.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// The slider is logarithmic: temperatures 0.01 to 100.
constexpr int stepsPerDecade = 2000;
constexpr int sliderSpan = 2 * stepsPerDecade;
constexpr int scoreSpan = 1000;  // tenths

}  // namespace

/// One bar per key: the score below, the probability as a bar and a number.
class SoftmaxLabView::Bars : public QWidget {
public:
    explicit Bars(SoftmaxLabView* view) : QWidget(view), m_view(view) {
        setFocusPolicy(Qt::StrongFocus);
        setMinimumHeight(Theme::instance().px(160));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        painter.fillRect(rect(), theme.color(Role::screen));
        const std::size_t n = m_view->m_scores.size();
        if (n == 0) return;
        const double pitch = columnPitch(), top = theme.px(12), bottom = height() - theme.px(64);
        for (int q = 0; q <= 4; ++q)
            drawHairline(painter, QPointF(0, bottom - (bottom - top) * q / 4), QPointF(width(), bottom - (bottom - top) * q / 4),
                         theme.color(Role::grid));
        for (std::size_t j = 0; j < n; ++j) {
            const double p = m_view->m_result.probabilities[j], x = pitch * static_cast<double>(j);
            const QRectF bar(x + pitch * 0.15, bottom - (bottom - top) * p, pitch * 0.7, (bottom - top) * p);
            painter.fillRect(bar, theme.color(Role::series1));
            const bool chosen = static_cast<int>(j) == m_view->m_selected;
            const auto line = [&](int row, const QString& text, TextSize size, bool bold) {
                painter.setFont(theme.font(size, bold));
                painter.setPen(theme.color(bold || row > 0 ? Role::text : Role::muted));
                painter.drawText(QRectF(x, bottom + theme.px(2 + 20 * row), pitch, theme.px(20)), Qt::AlignCenter, text);
            };
            const bool room = pitch >= theme.px(30);
            if (room) line(0, cellNumber(p, 3), TextSize::axis, static_cast<int>(j) == m_view->m_result.hardMaximum);
            if (room) line(1, fixed(m_view->m_scores[j] + m_view->m_shift, 1), TextSize::axis, false);
            line(2, m_view->m_tokens.value(static_cast<int>(j)), TextSize::token, chosen);
            if (chosen)
                drawFrame(painter, QRectF(x + 1, top, pitch - 2, height() - top - 2), 2, theme.color(Role::accent), Qt::transparent,
                          hasFocus() ? 2.0 : 1.0);
        }
    }
    void mousePressEvent(QMouseEvent* event) override { choose(static_cast<int>(event->position().x() / columnPitch())); }
    void keyPressEvent(QKeyEvent* event) override {
        if (event->key() == Qt::Key_Left)
            choose(m_view->m_selected - 1);
        else if (event->key() == Qt::Key_Right)
            choose(m_view->m_selected + 1);
        else if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)
            m_view->m_scoreSlider->setValue(m_view->m_scoreSlider->value() + (event->key() == Qt::Key_Up ? 1 : -1));
        else
            event->ignore();
    }

private:
    double columnPitch() const {
        return std::min<double>(width() / std::max(1.0, static_cast<double>(m_view->m_scores.size())), Theme::instance().px(72));
    }
    void choose(int index) {
        if (m_view->m_scores.empty()) return;
        m_view->m_selected = std::clamp(index, 0, static_cast<int>(m_view->m_scores.size()) - 1);
        m_view->compute();
    }
    SoftmaxLabView* m_view;
};

SoftmaxLabView::SoftmaxLabView(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* panel = new PanelFrame(tr("Softmax lab"), this);
    panel->setSubtitle(tr("p = softmax(s / T)"));
    auto* back = new Button(tr("Back to the walk"));
    back->setKeycap(tr("Esc"));
    back->setHeight(20);
    connect(back, &QPushButton::clicked, this, &SoftmaxLabView::closed);
    panel->addControl(back);
    auto* body = new QWidget;
    auto* rows = new QVBoxLayout(body);
    rows->setContentsMargins(12, 12, 12, 12);
    m_bars = new Bars(this);
    rows->addWidget(m_bars, 1);
    const auto addSlider = [&](QSlider*& slider, QLabel*& text, const QString& name, int least, int most) {
        slider = new QSlider(Qt::Horizontal);
        slider->setRange(least, most);
        slider->setAccessibleName(name);
        auto* row = new QHBoxLayout;
        auto* label = new ThemedLabel(name, TextSize::text, Role::muted);
        label->setFixedWidth(Theme::instance().px(150));
        row->addWidget(label);
        row->addWidget(slider, 1);
        text = new ThemedLabel({}, TextSize::token, Role::text, true);
        text->setFixedWidth(Theme::instance().px(330));
        row->addWidget(text);
        rows->addLayout(row);
        connect(slider, &QSlider::valueChanged, this, &SoftmaxLabView::compute);
    };
    addSlider(m_slider, m_temperatureText, tr("Temperature T"), -sliderSpan, sliderSpan);
    addSlider(m_scoreSlider, m_scoreText, tr("Score of the chosen key"), -scoreSpan, scoreSpan);
    addSlider(m_shiftSlider, m_shiftText, tr("Add to every score"), -scoreSpan, scoreSpan);
    connect(m_scoreSlider, &QSlider::valueChanged, this, [this](int value) {
        if (m_scores.empty()) return;
        m_scores[static_cast<std::size_t>(m_selected)] = value / 10.0;
        compute();
    });
    m_summary = new ThemedLabel({}, TextSize::token, Role::text, true);
    m_maxText = new ThemedLabel({}, TextSize::text, Role::muted);
    m_maxText->setWordWrap(true);
    rows->addWidget(m_summary);
    rows->addWidget(m_maxText);
    auto* buttons = new QHBoxLayout;
    auto* mark = new Button(tr("T = \u221Ad, as the model has it"));
    auto* reset = new Button(tr("The row's own scores"));
    connect(mark, &QPushButton::clicked, this, [this] { setTemperature(std::sqrt(static_cast<double>(m_headDim))); });
    connect(reset, &QPushButton::clicked, this, [this] {
        m_scores = m_original;
        m_shiftSlider->setValue(0);
        compute();
    });
    buttons->addWidget(mark);
    buttons->addWidget(reset);
    buttons->addStretch();
    rows->addLayout(buttons);
    panel->setContent(body);
    layout->addWidget(panel);
}

double SoftmaxLabView::temperature() const {
    return std::pow(10.0, m_slider->value() / static_cast<double>(stepsPerDecade));
}

void SoftmaxLabView::setTemperature(double temperature) {
    m_slider->setValue(static_cast<int>(std::lround(stepsPerDecade * std::log10(temperature))));
    compute();
}

void SoftmaxLabView::setScores(const std::vector<double>& products, int headDim, const QStringList& tokens) {
    m_original = m_scores = products;
    m_headDim = std::max(headDim, 1);
    m_tokens = tokens;
    m_selected = static_cast<int>(std::max_element(products.begin(), products.end()) - products.begin());
    m_shiftSlider->setValue(0);
    setTemperature(std::sqrt(static_cast<double>(m_headDim)));
}

void SoftmaxLabView::compute() {
    if (m_scores.empty()) return;
    m_shift = m_shiftSlider->value() / 10.0;
    std::vector<double> shifted = m_scores;
    for (double& score : shifted) score += m_shift;
    m_result = explain::softmaxLab(shifted, temperature());
    {
        const QSignalBlocker blocker(m_scoreSlider);
        m_scoreSlider->setValue(
            static_cast<int>(std::lround(10.0 * std::clamp(m_scores[static_cast<std::size_t>(m_selected)], -100.0, 100.0))));
    }
    const double root = std::sqrt(static_cast<double>(m_headDim));
    m_temperatureText->setText(tr("%1   (model: \u221A%2 = %3)").arg(significant(temperature(), 3)).arg(m_headDim).arg(fixed(root, 3)));
    m_scoreText->setText(tr("key %1: %2").arg(m_selected).arg(fixed(m_scores[static_cast<std::size_t>(m_selected)], 2)));
    m_shiftText->setText(tr("%1: no probability moves").arg(signedFixed(m_shift, 1)));
    m_summary->setText(
        tr("entropy %1 of at most %2 \u00B7 as good as %3 keys \u00B7 T \u2192 0: all on key %4 (hard maximum)")
            .arg(fixed(m_result.entropy, 3), fixed(std::log(static_cast<double>(m_scores.size())), 3), fixed(m_result.effectiveKeys, 2))
            .arg(m_result.hardMaximum));
    m_maxText->setText(tr("Why subtracting the maximum (%1) changes nothing: e^((s \u2212 m)/T) = e^(s/T) / e^(m/T), and e^(m/T) divides "
                          "every term and their sum alike. It only keeps e^s from overflowing.")
                           .arg(fixed(m_result.largest, 2)));
    describePicture(m_bars, tr("Probabilities"), m_summary->text());
    m_bars->update();
}

void SoftmaxLabView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        emit closed();
    else
        QWidget::keyPressEvent(event);
}

}  // namespace lab
