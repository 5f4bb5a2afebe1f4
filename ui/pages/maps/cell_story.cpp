#include "ui/pages/maps/cell_story.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/scenes/stage_maps.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 % (maps.html).
constexpr int cellStoryLineHeight = 20;
constexpr int cellStoryCaptionHeight = 20;
constexpr int cellStoryBarsHeight = 44;
constexpr int cellStoryMargin = 8;
/// Double steps from float q and k against the model's own float weight: beyond this they do not agree.
constexpr double agreement = 1e-4;

struct CellStoryWords {
    Q_DECLARE_TR_FUNCTIONS(CellStory)
};

/// What a score loses or gains for the distance alone.
bool addsByDistance(const StoryContext& context) {
    const PositionSpec& position = specOf(context.position);
    return !context.cross && (position.biasesScores || position.biasTable);
}

void addPositionLines(std::vector<StoryLine>& lines, const SoftmaxSteps& steps, const StoryContext& context) {
    if (context.scoresSet) {
        lines.push_back({CellStoryWords::tr("score"), CellStoryWords::tr("scores set by hand"), fixed(steps.score, 3)});
    } else if (specOf(context.form).positionMap && !context.cross) {
        if (std::isnan(steps.positionFactor)) {
            lines.push_back({CellStoryWords::tr("score"), CellStoryWords::tr("with all terms"), fixed(steps.score, 3)});
            return;
        }
        lines.push_back({CellStoryWords::tr("times \u03A3w"), CellStoryWords::tr("\u03A3 w_{c} = %1").arg(fixed(steps.positionFactor, 3)),
                         fixed(steps.positionFactor * steps.scaled, 3)});
        const QString slope = specOf(context.position).biasesScores ? QStringLiteral(" \u2212 m_{h} |i \u2212 j|")
                              : specOf(context.position).biasTable  ? QStringLiteral(" + b_{h,n}")
                                                                    : QString();
        lines.push_back(
            {CellStoryWords::tr("position"), QStringLiteral("\u03A3 w_{c} P_{ijc} + b") + slope, signedFixed(steps.positionTerm, 3)});
        lines.push_back({CellStoryWords::tr("score"), CellStoryWords::tr("their sum"), fixed(steps.uncapped, 3)});
    } else if (addsByDistance(context)) {
        const QString term =
            specOf(context.position).biasTable ? CellStoryWords::tr("learned, + b_{h,n}") : QStringLiteral("\u2212 m_{h} |i \u2212 j|");
        lines.push_back({CellStoryWords::tr("distance"), term, signedFixed(steps.positionTerm, 3)});
        lines.push_back({CellStoryWords::tr("score"), CellStoryWords::tr("their sum"), fixed(steps.uncapped, 3)});
    }
    if (context.softCap > 0.0 && !context.scoresSet)
        lines.push_back({CellStoryWords::tr("capped"), QStringLiteral("c tanh(s / c), c = %1").arg(significant(context.softCap, 3)),
                         fixed(steps.score, 3)});
}

}  // namespace

std::vector<StoryLine> storyLines(const SoftmaxSteps& steps, const StoryContext& context) {
    std::vector<StoryLine> lines;
    const bool softmax = specOf(context.kernel).scores, features = specOf(context.kernel).features;
    const bool shared = context.sharesKeys();
    if (!steps.products.empty()) {
        const QString product = !features ? (shared ? QStringLiteral("\u03A3 k_{ip} k_{jp}") : QStringLiteral("\u03A3 q_{p} k_{p}"))
                                          : QStringLiteral("\u03A3 \u03C6(q)_{p} \u03C6(k)_{p}");
        lines.push_back({!features ? (shared ? QStringLiteral("k_{i} \u00B7 k_{j}") : QStringLiteral("q \u00B7 k"))
                                   : QStringLiteral("\u03C6(q) \u00B7 \u03C6(k)"),
                         product, fixed(steps.dot, 3)});
        if (specOf(context.kernel).scaled)
            lines.push_back({CellStoryWords::tr("scaled"), QStringLiteral("\u00F7 \u221A") + QString::number(steps.products.size()),
                             fixed(steps.scaled, 3)});
    } else {
        lines.push_back({CellStoryWords::tr("score"), CellStoryWords::tr("random features"), fixed(steps.score, 3)});
    }
    addPositionLines(lines, steps, context);
    const QString minusInfinity = QStringLiteral("\u2212 \u221E");
    lines.push_back({CellStoryWords::tr("mask"), steps.masked ? CellStoryWords::tr("may not look") : CellStoryWords::tr("none"),
                     softmax ? (steps.masked ? minusInfinity : QStringLiteral("+ 0"))
                             : (steps.masked ? QStringLiteral("\u00D7 0") : QStringLiteral("\u00D7 1"))});
    if (context.memory)
        lines.push_back({CellStoryWords::tr("memory"), CellStoryWords::tr("no gradient flows back to this key\u2019s row"), {}});
    if (softmax) {
        const double shifted = steps.score - steps.rowMax;
        const QString maximum =
            steps.rowMax < 0 ? QStringLiteral("+ ") + fixed(-steps.rowMax, 3) : QStringLiteral("\u2212 ") + fixed(steps.rowMax, 3);
        lines.push_back({CellStoryWords::tr("\u2212 row max"), maximum, steps.masked ? minusInfinity : fixed(shifted, 3)});
        lines.push_back({CellStoryWords::tr("exp"),
                         steps.masked ? QStringLiteral("e^{\u2212\u221E}") : QStringLiteral("e^{%1}").arg(fixed(shifted, 2)),
                         fixed(steps.exponential, 4)});
    }
    if (specOf(context.kernel).decays())
        lines.push_back({CellStoryWords::tr("decay"), QStringLiteral("\u00D7 %1").arg(fixed(steps.decay, 4)),
                         fixed(steps.exponential * steps.decay, 4)});
    if (context.sink)
        lines.push_back({CellStoryWords::tr("sink"), CellStoryWords::tr("in the row sum, of no key"), fixed(steps.sinkPart, 4)});
    const QString asItIs = CellStoryWords::tr("as it is: not divided");
    if (const auto& difference = steps.difference) {
        lines.push_back({CellStoryWords::tr("own share"), CellStoryWords::tr("\u00F7 row sum %1").arg(fixed(steps.rowSum, 3)),
                         fixed(difference->own, 4)});
        const QString formula = difference->first ? CellStoryWords::tr("less \u03BB = %1 times the second head's %2")
                                                  : CellStoryWords::tr("\u03BB = %1 times it off the first head's %2");
        lines.push_back({CellStoryWords::tr("weight"), formula.arg(fixed(difference->lambda, 3), fixed(difference->other, 4)),
                         fixed(steps.weight, 4), true});
        return lines;
    }
    lines.push_back({CellStoryWords::tr("weight"),
                     !specOf(context.kernel).rowsSumToOne ? asItIs : CellStoryWords::tr("\u00F7 row sum %1").arg(fixed(steps.rowSum, 3)),
                     fixed(steps.weight, 4), true});
    return lines;
}

StoryCheck storyCheck(const SoftmaxSteps& steps, const StoryContext& context) {
    if (context.madeUniform)
        return {CellStoryWords::tr("this head is made uniform: %1 in place of it").arg(fixed(steps.weightInTrace, 4)), {}};
    const double difference = std::abs(steps.weight - steps.weightInTrace);
    const bool agrees = difference <= agreement;
    return {verdictText(agrees, agrees ? CellStoryWords::tr("checked against the model: difference %1").arg(differenceText(difference))
                                       : CellStoryWords::tr("the model has %1").arg(fixed(steps.weightInTrace, 4))),
            agrees};
}

QString scoreGradientFormula(const StoryContext& context) {
    if (context.madeUniform) return CellStoryWords::tr("even weights do not follow it");
    if (specOf(context.kernel).decays())
        return CellStoryWords::tr(
            "\u2202"
            "a times the decay");
    if (!specOf(context.kernel).rowsSumToOne) return QStringLiteral("\u2202a");
    if (specOf(context.kernel).features)
        return CellStoryWords::tr(
            "(\u2202"
            "a \u2212 \u03A3 a \u2202"
            "a) \u00F7 row sum");
    if (context.differential)
        return CellStoryWords::tr(
            "by its own share: a (\u2202"
            "a \u2212 \u03A3 a \u2202"
            "a)");
    return QStringLiteral("a (\u2202a \u2212 \u03A3 a \u2202a)");
}

std::vector<StoryLine> stageLines(MapStage stage, double value, const SoftmaxSteps& steps, const StoryContext& context) {
    const QString number = stageNumber(stage, value);
    switch (stage) {
        case MapStage::weightedValues:
            return {{QStringLiteral("a |v|"),
                     steps.weightInTrace > 0.0 ? QStringLiteral("\u00D7 %1").arg(significant(value / steps.weightInTrace, 3)) : QString(),
                     number, true}};
        case MapStage::scoreGradient:
            return {{stageChoice(stage), scoreGradientFormula(context), number, true}};
        case MapStage::weightGradient:
            return {{stageChoice(stage), CellStoryWords::tr("d(output) \u00B7 v"), number, true}};
        case MapStage::exactWeights:
            return {{stageChoice(stage), CellStoryWords::tr("%1 beside %2").arg(number, fixed(steps.weightInTrace, 4)),
                     signedFixed(steps.weightInTrace - value, 4), true}};
        default:
            return {};
    }
}

class CellStory::Body : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(lab::CellStory)

public:
    explicit Body(QWidget* parent) : QWidget(parent) {
        describePicture(this, tr("From q and k to the weight"));
        setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    }

    void set(const SoftmaxSteps& steps, const std::vector<StoryLine>& lines, const StoryContext& context) {
        const bool taller = lines.size() != m_lines.size();
        m_steps = steps;
        m_lines = lines;
        m_context = context;
        QStringList spoken;
        for (const StoryLine& line : lines)
            spoken << plainFormula(line.label) + QLatin1Char(' ') + plainFormula(line.formula) +
                          (line.value.isEmpty() ? QString() : QStringLiteral(" = ") + line.value);
        describePicture(this, accessibleName(), spoken.join(QStringLiteral("; ")));
        if (taller) updateGeometry();
        update();
    }

    QSize sizeHint() const override {
        const Theme& theme = Theme::instance();
        const int lines = std::max(static_cast<int>(m_lines.size()), 6);
        return {theme.px(240), productsHeight() + lines * theme.px(cellStoryLineHeight) + theme.px(cellStoryLineHeight + 4)};
    }
    /// Where the page is low the lines come first.
    QSize minimumSizeHint() const override { return sizeHint() - QSize(0, productsHeight()); }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        if (m_lines.empty()) return paintEmpty(painter, rect(), tr("Point at a cell of a map to see how its number comes about."), 16);
        if (showsProducts()) paintProducts(painter);
        double top = showsProducts() ? productsHeight() : 0;
        for (const StoryLine& line : m_lines) {
            paintLine(painter, line, top);
            top += theme.px(cellStoryLineHeight);
        }
        paintCheck(painter, top + theme.px(2));
    }

    /// Each bar names its two factors.
    bool event(QEvent* event) override {
        if (event->type() != QEvent::ToolTip) return QWidget::event(event);
        const auto* help = static_cast<QHelpEvent*>(event);
        const double left = Theme::instance().px(cellStoryMargin), width = QWidget::width() - 2 * left;
        const auto count = m_steps.products.size();
        const auto p = static_cast<std::size_t>(std::max(0.0, (help->pos().x() - left) / width * static_cast<double>(count)));
        if (!showsProducts() || help->pos().y() > Theme::instance().px(cellStoryCaptionHeight + cellStoryBarsHeight) || p >= count) {
            QToolTip::hideText();
        } else {
            const QString text = ofFeatures()             ? tr("element %1: \u03C6(q) %2 \u00D7 \u03C6(k) %3 = %4")
                                 : m_context.sharesKeys() ? tr("element %1: %2 \u00D7 %3 = %4 (k of the query \u00D7 k of the key)")
                                                          : tr("element %1: q %2 \u00D7 k %3 = %4");
            QToolTip::showText(
                help->globalPos(),
                text.arg(QString::number(p), fixed(m_steps.query[p], 4), fixed(m_steps.key[p], 4), fixed(m_steps.products[p], 4)), this);
        }
        return true;
    }

private:
    static int productsHeight() { return Theme::instance().px(cellStoryCaptionHeight + cellStoryBarsHeight + 4); }
    bool showsProducts() const { return !m_steps.products.empty() && height() >= sizeHint().height(); }
    bool ofFeatures() const { return specOf(m_context.kernel).features; }

    void paintProducts(QPainter& painter) {
        const Theme& theme = Theme::instance();
        const QRectF caption(theme.px(cellStoryMargin), 0, width() - 2 * theme.px(cellStoryMargin), theme.px(cellStoryCaptionHeight));
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        const QString what = ofFeatures()             ? tr("\u03C6(q) \u00B7 \u03C6(k) by element, d_{h} = %1")
                             : m_context.sharesKeys() ? tr("k_{i} \u00B7 k_{j} by element, d_{h} = %1")
                                                      : tr("q \u00B7 k by element, d_{h} = %1");
        drawFormula(painter, caption, Qt::AlignLeft, what.arg(m_steps.products.size()));
        const double used = formulaWidth(painter.font(), what.arg(m_steps.products.size())) + theme.px(cellStoryMargin);
        drawElided(painter, caption.adjusted(used, 0, 0, 0), Qt::AlignRight, tr("+ blue \u00B7 \u2212 red"));
        double largest = 0.0;
        for (double product : m_steps.products) largest = std::max(largest, std::abs(product));
        const double zero = theme.px(cellStoryCaptionHeight) + theme.px(cellStoryBarsHeight) / 2.0;
        const double pitch = caption.width() / static_cast<double>(std::max<std::size_t>(m_steps.products.size(), 1));
        const double gap = pitch >= 6 ? 2.0 : pitch >= 3 ? 1.0 : 0.0;
        const ColorMap& map = ColorMap::themed(ColorMap::Kind::balance);
        for (std::size_t p = 0; p < m_steps.products.size() && largest > 0.0; ++p) {
            const double product = m_steps.products[p];
            const double height = std::max(std::abs(product) / largest * (theme.px(cellStoryBarsHeight) / 2.0 - 2), 1.0);
            const QRectF bar(caption.left() + pitch * static_cast<double>(p) + gap / 2, product >= 0 ? zero - height : zero, pitch - gap,
                             height);
            painter.fillRect(bar, QColor::fromRgb(map.color(product >= 0 ? 0.81 : 0.19)));
        }
        drawHairline(painter, QPointF(caption.left(), zero), QPointF(caption.right(), zero), theme.color(Role::controlBorder));
    }

    void paintLine(QPainter& painter, const StoryLine& line, double top) {
        const Theme& theme = Theme::instance();
        const QRectF row(theme.px(cellStoryMargin), top, width() - 2 * theme.px(cellStoryMargin), theme.px(cellStoryLineHeight));
        if (line.result)
            painter.fillRect(row.adjusted(-theme.px(cellStoryMargin), 0, theme.px(cellStoryMargin), 0), theme.color(Role::selection));
        painter.setFont(theme.font(TextSize::text));
        painter.setPen(theme.color(Role::muted));
        drawFormula(painter, row, Qt::AlignLeft, line.label);
        const double label = formulaWidth(painter.font(), line.label) + theme.px(cellStoryMargin);
        drawFormula(painter, row.adjusted(std::max<double>(theme.px(92), label), 0, 0, 0), Qt::AlignLeft, line.formula);
        painter.setFont(theme.font(TextSize::text, true));
        painter.setPen(theme.color(Role::text));
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, line.value);
    }

    void paintCheck(QPainter& painter, double top) {
        const Theme& theme = Theme::instance();
        const StoryCheck check = storyCheck(m_steps, m_context);
        const QRectF row(theme.px(cellStoryMargin), top, width() - 2 * theme.px(cellStoryMargin), theme.px(cellStoryLineHeight));
        const Role role = check.agrees ? verdictRole(*check.agrees) : Role::muted;
        painter.fillRect(QRectF(0, row.top() + theme.px(2), theme.px(3), row.height() - theme.px(4)), theme.color(role));
        painter.setFont(theme.font(TextSize::caption, true));
        painter.setPen(theme.color(role));
        drawElided(painter, row, Qt::AlignLeft, check.text);
    }

    SoftmaxSteps m_steps;
    std::vector<StoryLine> m_lines;
    StoryContext m_context;
};

CellStory::CellStory(QWidget* parent) : PanelFrame(QString(), parent), m_body(new Body(this)) {
    setTinted(true);
    setOnScreen(false);
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_body);
    column->addWidget(makeFoot());
    setContent(content);
    clear();
}

QWidget* CellStory::makeFoot() {
    auto* foot = new QWidget;
    m_explain = named("maps.story.explain", new Button(tr("Explain"), foot));
    m_explain->setKeycap(tr("Enter"));
    m_explain->setToolTip(tr("Opens this number on the Explain page, with every stage and where it comes from"));
    m_lock = named("maps.story.lock", new Button(tr("Lock"), foot));
    m_lock->setKeycap(tr("L"));
    m_lock->setCheckable(true);
    m_lock->setToolTip(tr("Keeps this cell in hand while the mouse moves on"));
    auto* row = new QHBoxLayout(foot);
    const Theme& theme = Theme::instance();
    row->setContentsMargins(theme.px(8), theme.px(2), theme.px(8), theme.px(6));
    row->addWidget(m_explain);
    row->addWidget(m_lock);
    row->addStretch();
    connect(m_explain, &QAbstractButton::clicked, this, &CellStory::explanationWanted);
    connect(m_lock, &QAbstractButton::clicked, this, [this] { emit lockWanted(m_lock->isChecked()); });
    return foot;
}

void CellStory::setLocked(bool locked) {
    m_lock->setChecked(locked);
}

void CellStory::setCell(const QString& title, int query, int key, const SoftmaxSteps& steps, const StoryContext& context,
                        const std::vector<StoryLine>& further) {
    setTitle(title);
    setNote(tr("cell (%1, %2)").arg(query).arg(key));
    std::vector<StoryLine> lines = storyLines(steps, context);
    lines.insert(lines.end(), further.begin(), further.end());
    m_body->set(steps, lines, context);
    m_explain->setEnabled(true);
    m_lock->setEnabled(true);
}

void CellStory::clear() {
    setTitle(tr("No cell in hand"));
    setNote({});
    m_body->set({}, {}, {});
    m_explain->setEnabled(false);
    m_lock->setEnabled(false);
}

}  // namespace lab
