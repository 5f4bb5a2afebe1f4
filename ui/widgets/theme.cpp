#include "ui/widgets/theme.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPointer>
#include <QToolTip>
#include <QWidget>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "ui/widgets/focus_ring.h"
#include "ui/widgets/lab_style.h"

namespace lab {
namespace {

struct Shades {
    QRgb light;
    QRgb dark;
};

// In the order of Role.
constexpr std::array<Shades, 25> palette = {{
    {0xFFE6E8EB, 0xFF1D2024},  // window
    {0xFFF4F5F7, 0xFF24272C},  // panel
    {0xFFFFFFFF, 0xFF0E1013},  // screen
    {0xFFFFFFFF, 0xFF34383F},  // control
    {0xFFDFE3E8, 0xFF2E3238},  // hover
    {0xFFD6DAE0, 0xFF14171A},  // pressed
    {0xFFFFE9C2, 0xFF3D3016},  // selection
    {0xFFC9CED6, 0xFF3B4048},  // hairline
    {0xFFE3E6EA, 0xFF22262C},  // grid
    {0xFF79818D, 0xFF7A828E},  // controlBorder
    {0xFF14171B, 0xFFECEEF1},  // text
    {0xFF4D5560, 0xFFAAB1BC},  // muted
    {0xFF8F4700, 0xFFFFB224},  // accent
    {0xFFFFB224, 0xFFFFB224},  // fill
    {0xFFB86E00, 0xFFFFB224},  // fillBorder
    {0xFF1A1200, 0xFF1A1200},  // onFill
    {0xFF00695C, 0xFF4FD1B0},  // right
    {0xFFB3173F, 0xFFFF7D9B},  // wrong
    {0xFFFBE0E6, 0xFF4A1626},  // wrongBackground
    {0xFFD6DAE0, 0xFF14171A},  // track
    {0xFF2675D4, 0xFF5FA8FF},  // series1
    {0xFFD63A72, 0xFFFF5C8D},  // series2
    {0xFF005A4E, 0xFF83EAD0},  // series3
    {0xFF4A229C, 0xFFA07AF0},  // series4
    {0xFF59626E, 0xFF9AA3AF},  // series5
}};
static_assert(static_cast<std::size_t>(Role::series5) + 1 == palette.size());

/// Digits wider than this share of the em (DejaVu: 0.636, Noto: 0.572) make body text one size smaller.
constexpr double wideDigit = 0.60;

/// Judged once, before the application's palette becomes ours (Qt 6.4 cannot be asked).
bool systemIsDark() {
    static std::optional<bool> dark;
    if (!dark && qApp) dark = QGuiApplication::palette().color(QPalette::Window).lightnessF() < 0.5F;
    return dark.value_or(false);
}

QString firstInstalled(const QString& wanted) {
    if (!wanted.isEmpty()) return wanted;
    static const QString family = [] {
        const QStringList installed = QFontDatabase::families();
        for (const char* name : {"Noto Sans", "DejaVu Sans"})
            if (installed.contains(QLatin1String(name))) return QString::fromLatin1(name);
        return QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    }();
    return family;
}

bool hasWideDigits(const QString& family) {
    static QHash<QString, bool> known;
    const auto found = known.constFind(family);
    if (found != known.cend()) return *found;
    QFont font(family);
    font.setPixelSize(100);
    return known[family] = QFontMetricsF(font).horizontalAdvance(QLatin1Char('0')) > wideDigit * 100.0;
}

struct FontWish {
    QString family;
    int pixels = 0;
    bool bold = false;
    bool printing = false;
    bool operator==(const FontWish&) const = default;
};

size_t qHash(const FontWish& wish, size_t seed) {
    return qHashMulti(seed, wish.family, wish.pixels, wish.bold, wish.printing);
}

/// The same object each time: it has already found its glyphs.
QFont preparedFont(const FontWish& wish) {
    static QHash<FontWish, QFont> prepared;
    const auto found = prepared.constFind(wish);
    if (found != prepared.cend()) return *found;
    QFont font(wish.family);
    font.setPixelSize(wish.pixels);
    font.setWeight(wish.bold ? QFont::Bold : QFont::Normal);
    if (wish.printing) font.setHintingPreference(QFont::PreferNoHinting);
    return prepared[wish] = font;
}

QPalette applicationPalette(const Theme& theme) {
    QPalette result;
    const auto set = [&](QPalette::ColorRole role, Role meaning) { result.setColor(role, theme.color(meaning)); };
    set(QPalette::Window, Role::panel);
    set(QPalette::WindowText, Role::text);
    set(QPalette::Base, Role::screen);
    set(QPalette::AlternateBase, Role::panel);
    set(QPalette::ToolTipBase, Role::panel);
    set(QPalette::ToolTipText, Role::text);
    set(QPalette::Text, Role::text);
    set(QPalette::PlaceholderText, Role::muted);
    set(QPalette::Button, Role::control);
    set(QPalette::ButtonText, Role::text);
    set(QPalette::BrightText, Role::wrong);
    set(QPalette::Highlight, Role::selection);
    set(QPalette::HighlightedText, Role::text);
    set(QPalette::Link, Role::accent);
    set(QPalette::LinkVisited, Role::accent);
    set(QPalette::Light, Role::screen);
    set(QPalette::Midlight, Role::hover);
    set(QPalette::Mid, Role::hairline);
    set(QPalette::Dark, Role::controlBorder);
    set(QPalette::Shadow, Role::text);
    QColor faded = theme.color(Role::text);
    faded.setAlphaF(0.45F);
    for (auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        result.setColor(QPalette::Disabled, role, faded);
    return result;
}

/// How often the theme has changed.
int changes = 0;

/// A widget's part in a change of the theme. LabStyle is set anew at each change, so StyleChange alone says it; what is done then waits
/// until every widget has had the event, and is done once, though it set fonts and style sheets itself.
class Follower : public QObject {
    Q_OBJECT

public:
    static const QEvent::Type due;

    static Follower& of(QWidget* widget) {
        auto* known = widget->findChild<Follower*>(QString(), Qt::FindDirectChildrenOnly);
        return known ? *known : *new Follower(widget);
    }

    void add(std::function<void()> follow) { m_follow.push_back(std::move(follow)); }

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::StyleChange && m_seen != changes) QCoreApplication::postEvent(this, new QEvent(due));
        return false;
    }

    bool event(QEvent* event) override {
        if (event->type() != due) return QObject::event(event);
        if (m_seen == changes) return true;
        for (const QWidget* window : QApplication::topLevelWidgets()) catchUpInside(*window);  // in the same order each time
        return true;
    }

private:
    explicit Follower(QWidget* widget) : QObject(widget) { widget->installEventFilter(this); }

    void catchUp() {
        if (std::exchange(m_seen, changes) == changes) return;
        catchUpInside(*parent());
        for (const auto& follow : m_follow) follow();
    }

    static void catchUpInside(const QObject& whole) {
        QList<QPointer<Follower>> inside;
        for (Follower* each : whole.findChildren<Follower*>()) inside << each;
        for (const QPointer<Follower>& each : inside)
            if (each) each->catchUp();
    }

    std::vector<std::function<void()>> m_follow;
    int m_seen = changes;
};

const QEvent::Type Follower::due = static_cast<QEvent::Type>(QEvent::registerEventType());

}  // namespace

Theme& Theme::instance() {
    static Theme theme;
    return theme;
}

void Theme::setMode(Mode mode) {
    m_mode = mode;
    refresh();
}

void Theme::setScale(double scale) {
    m_scale = scale;
    refresh();
}

void Theme::setFontFamily(const QString& family) {
    m_family = family;
    refresh();
}

void Theme::refresh() {
    if (m_applied && qApp) {
        apply();
        return;
    }
    m_dark = m_mode == Mode::dark || (m_mode == Mode::system && systemIsDark());
}

QColor Theme::color(Role role) const {
    const Shades& shades = palette[static_cast<std::size_t>(role)];
    return QColor::fromRgb(m_dark ? shades.dark : shades.light);
}

int Theme::px(double at100) const {
    return qRound(at100 * m_scale);
}

QFont Theme::font(TextSize size, bool bold) const {
    if (m_letters > 0) return preparedFont({firstInstalled(m_family), m_letters, bold, m_printing});
    double pixels = static_cast<double>(size);
    if (size == TextSize::text && hasWideDigits(firstInstalled(m_family))) pixels = static_cast<double>(TextSize::axis);
    return preparedFont({firstInstalled(m_family), px(pixels), bold, m_printing});
}

void Theme::apply() {
    const bool systemDark = systemIsDark();
    m_dark = m_mode == Mode::dark || (m_mode == Mode::system && systemDark);
    if (!m_applied) FocusRing::install();
    m_applied = true;
    const QPalette palette = applicationPalette(*this);
    QApplication::setPalette(palette);
    QApplication::setFont(font(TextSize::text));
    QToolTip::setPalette(palette);
    QToolTip::setFont(font(TextSize::text));
    // Qt posts them to the windows; QComboBox forgets its least size at a StyleChange alone, which therefore comes last.
    for (const auto type : {QEvent::ApplicationPaletteChange, QEvent::ApplicationFontChange})
        QCoreApplication::sendPostedEvents(nullptr, type);
    // Anew each time: that is how widgets learn that their measures changed.
    ++changes;
    QApplication::setStyle(new LabStyle);
    QCoreApplication::sendPostedEvents(nullptr, Follower::due);
}

void whenThemed(QWidget* widget, std::function<void()> follow) {
    Follower::of(widget).add(std::move(follow));
}

void followTheme(QWidget* widget, std::function<void()> follow) {
    follow();
    whenThemed(widget, std::move(follow));
}

PrintTheme::PrintTheme(bool dark, int letters)
    : m_dark(Theme::instance().m_dark),
      m_printing(Theme::instance().m_printing),
      m_letters(Theme::instance().m_letters),
      m_scale(Theme::instance().m_scale) {
    Theme::instance().m_dark = dark;
    Theme::instance().m_printing = true;
    Theme::instance().m_letters = letters;
    Theme::instance().m_scale = 1.0;
}

PrintTheme::~PrintTheme() {
    Theme::instance().m_dark = m_dark;
    Theme::instance().m_printing = m_printing;
    Theme::instance().m_letters = m_letters;
    Theme::instance().m_scale = m_scale;
}

}  // namespace lab

#include "theme.moc"
