#include "ui/pages/explain/softmax_lab_view.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QSlider>
#include <QStyleOptionSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
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

int sliderOf(double temperature) {
    return static_cast<int>(std::lround(stepsPerDecade * std::log10(temperature)));
}

}  // namespace

/// A slider with a mark at one value.
class SoftmaxLabView::MarkedSlider : public QSlider {
public:
    using QSlider::QSlider;
    void setMark(int value, const QString& text) {
        m_mark = value;
        m_text = text;
        setMinimumHeight(Theme::instance().px(40));
        update();
    }

protected:
    void paintEvent(QPaintEvent* event) override {
        QSlider::paintEvent(event);
        if (m_text.isEmpty()) return;
        QStyleOptionSlider option;
        initStyleOption(&option);
        option.sliderPosition = m_mark;
        const double x = style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this).center().x() + 0.5;
        const Theme& theme = Theme::instance();
        const double high = theme.px(12), down = theme.px(5);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(Role::text));
        painter.drawPolygon(QPolygonF({QPointF(x, high), QPointF(x - down, high - down), QPointF(x + down, high - down)}));
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        const double wide = formulaWidth(painter.font(), m_text),
                     right = x + down + wide + 4 < width() ? x + down + 3 : x - down - 3 - wide;
        drawFormula(painter, QRectF(right, 0, wide + 2, theme.px(13)), Qt::AlignLeft, m_text);
    }

private:
    int m_mark = 0;
    QString m_text;
};

/// One column per key: the probability as a bar, and below it every number on the way there. Where all goes as T falls to 0 is outlined.
class SoftmaxLabView::Bars : public QWidget {
public:
    explicit Bars(SoftmaxLabView* view) : QWidget(view), m_view(view) {
        setFocusPolicy(Qt::StrongFocus);
        setMinimumHeight(Theme::instance().px(200));
        setToolTip(SoftmaxLabView::tr("Left and Right choose a key, Up and Down change its score"));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.fillRect(rect(), Theme::instance().color(Role::screen));
        if (m_view->m_scores.empty()) return;
        paintAxis(painter);
        for (std::size_t j = 0; j < m_view->m_scores.size(); ++j) paintKey(painter, j);
    }
    void mousePressEvent(QMouseEvent* event) override { choose(static_cast<int>((event->position().x() - left()) / columnPitch())); }
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
    static constexpr int lines = 5, lineHeight = 20, labelWidth = 108;

    double left() const { return Theme::instance().px(labelWidth); }
    double top() const { return Theme::instance().px(12); }
    double bottom() const { return height() - Theme::instance().px(lines * lineHeight + 8); }
    double columnPitch() const {
        const double room = width() - left() - Theme::instance().px(8);
        return std::min<double>(room / std::max(1.0, static_cast<double>(m_view->m_scores.size())), Theme::instance().px(72));
    }
    QRectF lineRect(int line, double x, double wide) const {
        const Theme& theme = Theme::instance();
        return {x, bottom() + theme.px(4 + lineHeight * line), wide, static_cast<double>(theme.px(lineHeight))};
    }
    void paintAxis(QPainter& painter) const {
        const Theme& theme = Theme::instance();
        painter.setFont(theme.font(TextSize::caption));
        for (int q = 0; q <= 4; ++q) {
            const double y = bottom() - (bottom() - top()) * q / 4;
            drawHairline(painter, QPointF(left(), y), QPointF(width(), y), theme.color(Role::grid));
            painter.setPen(theme.color(Role::muted));
            painter.drawText(QRectF(0, y - theme.px(8), left() - theme.px(8), theme.px(16)), Qt::AlignRight | Qt::AlignVCenter,
                             q == 0   ? QStringLiteral("0")
                             : q == 4 ? QStringLiteral("1")
                                      : cellNumber(q / 4.0));
        }
        const QString names[lines] = {tr("token"), tr("raw score r"), tr("r \u2212 max"), tr("e^{(r \u2212 max)/T}"), tr("a = \u00F7 sum")};
        painter.setFont(theme.font(TextSize::axis));
        for (int line = 0; line < lines; ++line) drawFormula(painter, lineRect(line, 0, left() - theme.px(8)), Qt::AlignRight, names[line]);
    }
    void paintKey(QPainter& painter, std::size_t j) const {
        const Theme& theme = Theme::instance();
        const explain::SoftmaxLab& result = m_view->m_result;
        const double p = result.probabilities[j], pitch = columnPitch(), x = left() + pitch * static_cast<double>(j);
        const double score = m_view->m_scores[j] + m_view->m_shift, lower = score - result.largest;
        const QRectF whole(x + pitch * 0.15, top(), pitch * 0.7, bottom() - top());
        const auto ties = std::count_if(m_view->m_scores.begin(), m_view->m_scores.end(),
                                        [&](double each) { return each + m_view->m_shift == result.largest; });
        const bool hard = score == result.largest;
        if (hard) {
            painter.setPen(QPen(theme.color(Role::muted), 1, Qt::DashLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(
                whole.adjusted(0, whole.height() * (1.0 - 1.0 / static_cast<double>(std::max<std::ptrdiff_t>(ties, 1))), 0, 0));
        }
        painter.fillRect(whole.adjusted(0, whole.height() * (1.0 - p), 0, 0), theme.color(Role::series1));
        const bool chosen = static_cast<int>(j) == m_view->m_selected;
        const bool room = pitch >= theme.px(34);
        const bool hidden = std::isinf(score);
        const QString dash = QStringLiteral("\u2013");
        const QString texts[lines] = {m_view->m_tokens.value(static_cast<int>(j)), hidden ? dash : fixed(score, 1),
                                      hidden ? dash : fixed(lower, 1), hidden ? QStringLiteral("0") : cellNumber(result.exponentials[j], 3),
                                      cellNumber(p, 3)};
        for (int line = 0; line < lines; ++line) {
            if (line > 0 && !room) break;
            painter.setFont(line == 0 ? theme.font(TextSize::token, chosen) : theme.font(TextSize::axis, hard && line == lines - 1));
            painter.setPen(theme.color(Role::text));
            painter.drawText(lineRect(line, x, pitch), Qt::AlignCenter, texts[line]);
        }
        if (chosen)
            drawFrame(painter, QRectF(x + 1, top() - 4, pitch - 2, height() - top() - 2), 2, theme.color(Role::accent), Qt::transparent,
                      hasFocus() ? 2.0 : 1.0);
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
    panel->setSubtitle(
        tr("a = softmax(r / T); r is the score before the division, position terms with it: T = \u221A"
           "d_{h} gives the model\u2019s weights, as r / \u221A"
           "d_{h} is what the softmax gets"));
    auto* back = named("explain.lab.back", new Button(tr("Back to the walk")));
    back->setKeycap(tr("Esc"));
    back->setHeight(20);
    connect(back, &QPushButton::clicked, this, &SoftmaxLabView::closed);
    panel->addControl(back);
    auto* body = new QWidget;
    auto* rows = new QVBoxLayout(body);
    rows->setContentsMargins(12, 12, 12, 12);
    m_bars = named("explain.lab.bars", new Bars(this));
    rows->addWidget(m_bars, 1);
    const auto addSlider = [&](MarkedSlider*& slider, QLabel*& text, const char* id, const QString& name, int least, int most) {
        slider = named(id, new MarkedSlider(Qt::Horizontal));
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
    addSlider(m_slider, m_temperatureText, "explain.lab.temperature", tr("Temperature T"), -sliderSpan, sliderSpan);
    addSlider(m_scoreSlider, m_scoreText, "explain.lab.score", tr("Score of the chosen key"), -scoreSpan, scoreSpan);
    addSlider(m_shiftSlider, m_shiftText, "explain.lab.shift", tr("Add to every score"), -scoreSpan, scoreSpan);
    connect(m_scoreSlider, &QSlider::valueChanged, this, [this](int value) {
        if (m_scores.empty()) return;
        m_scores[static_cast<std::size_t>(m_selected)] = value / 10.0;
        compute();
    });
    m_summary = new ThemedLabel({}, TextSize::token, Role::text, true);
    m_maxText = new ThemedLabel({}, TextSize::text, Role::muted);
    m_maxText->setTextFormat(Qt::RichText);
    m_maxText->setWordWrap(true);
    rows->addWidget(m_summary);
    rows->addWidget(m_maxText);
    auto* buttons = new QHBoxLayout;
    m_modelButton = named("explain.lab.model", new Button({}));
    auto* reset = named("explain.lab.reset", new Button(tr("The row\u2019s own scores")));
    connect(m_modelButton, &QPushButton::clicked, this, [this] { setTemperature(std::sqrt(static_cast<double>(m_headDim))); });
    connect(reset, &QPushButton::clicked, this, [this] {
        m_scores = m_original;
        m_shiftSlider->setValue(0);
        compute();
    });
    buttons->addWidget(m_modelButton);
    auto* tiles = named("explain.lab.tiles", new Button(tr("Tile by tile\u2026")));
    tiles->setToolTip(tr("The row\u2019s own softmax in one pass over tiles of its keys, with a running maximum and sum"));
    connect(tiles, &QPushButton::clicked, this, &SoftmaxLabView::tilesWanted);
    buttons->addWidget(reset);
    buttons->addWidget(tiles);
    buttons->addStretch();
    rows->addLayout(buttons);
    panel->setContent(body);
    layout->addWidget(panel);
    setFocusPolicy(Qt::ClickFocus);
}

double SoftmaxLabView::temperature() const {
    return std::pow(10.0, m_slider->value() / static_cast<double>(stepsPerDecade));
}

void SoftmaxLabView::setTemperature(double temperature) {
    m_slider->setValue(sliderOf(temperature));
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
    m_modelButton->setText(tr("T = \u221A%1, as the model has it").arg(m_headDim));
    m_slider->setMark(sliderOf(root), tr("\u221A"
                                         "d_{h}: the model multiplies by 1/\u221A%1")
                                          .arg(m_headDim));
    const double score = m_scores[static_cast<std::size_t>(m_selected)];
    m_scoreText->setText(tr("key %1: %2").arg(m_selected).arg(std::isinf(score) ? tr("hidden; move to show it") : fixed(score, 2)));
    m_shiftText->setText(tr("%1: no weight moves").arg(signedFixed(m_shift, 1)));
    const auto visible =
        std::max<std::ptrdiff_t>(1, std::count_if(m_scores.begin(), m_scores.end(), [](double s) { return !std::isinf(s); }));
    const auto ties = std::count(shifted.begin(), shifted.end(), m_result.largest);
    const QString limit = ties > 1 ? tr("shared by the %1 largest").arg(ties) : tr("all on key %1").arg(m_result.hardMaximum);
    m_summary->setText(
        tr("entropy %1 of at most %2 \u00B7 spread as over %3 equal keys \u00B7 T \u2192 0: %4 (hard maximum)")
            .arg(fixed(m_result.entropy, 3), fixed(std::log(static_cast<double>(visible)), 3), fixed(m_result.effectiveKeys, 2), limit));
    const QString why =
        tr("Why subtracting the maximum max = %1 changes nothing: e^{(r \u2212 max)/T} = e^{r/T} / e^{max/T}, and e^{max/T} divides "
           "every term and their sum alike. It only keeps e^{r/T} from overflowing.")
            .arg(fixed(m_result.largest, 2));
    m_maxText->setText(formulaHtml(Theme::instance().font(TextSize::text), why));
    m_maxText->setAccessibleName(plainFormula(why));
    describePicture(m_bars, tr("Weights"), m_summary->text());
    m_bars->update();
}

/// As ExplainPage's: not by a proxy.
void SoftmaxLabView::focusInEvent(QFocusEvent* event) {
    m_bars->setFocus(event->reason());
}

void SoftmaxLabView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        emit closed();
    else
        QWidget::keyPressEvent(event);
}

}  // namespace lab
