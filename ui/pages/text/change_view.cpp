#include "ui/pages/text/change_view.h"

#include <QEvent>
#include <QTextCursor>
#include <algorithm>

#include "core/text/cleaning_rules.h"
#include "core/text/code_points.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int margin = 6;  // logical px at 100 %

QString qtText(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QTextCharFormat formatOf(Role ink, std::optional<Role> ground = std::nullopt) {
    const Theme& theme = Theme::instance();
    QTextCharFormat format;
    format.setFont(theme.font(TextSize::text));
    format.setForeground(theme.color(ink));
    if (ground) format.setBackground(theme.color(*ground));
    return format;
}

QString signOf(char32_t code) {
    switch (code) {
        case ' ':
            return QStringLiteral("\u00B7");
        case '\t':
            return QStringLiteral("\u2192");
        case '\n':
            return QStringLiteral("\u21B5\n");
        case '\r':
            return QStringLiteral("CR");
        default:
            break;
    }
    if (cleaning::isInvisible(code) || cleaning::isSpecialSpace(code) || (code >= 0x300 && code < 0x370))
        return QStringLiteral("U+%1").arg(static_cast<uint>(code), 4, 16, QLatin1Char('0')).toUpper();
    return QString::fromUcs4(&code, 1);
}

}  // namespace

QString visibleText(std::string_view text) {
    QString shown;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint each = codePointAt(text, at);
        shown += signOf(each.code);
        at += each.bytes;
    }
    return shown;
}

ChangeView::ChangeView(QWidget* parent) : QTextEdit(parent) {
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setAccessibleName(tr("The chosen document"));
    whenThemed(this, &ChangeView::write);
    document()->setUndoRedoEnabled(false);
}

void ChangeView::setChange(DocumentChange change, Shows shows) {
    m_change = std::move(change);
    m_shows = shows;
    write();
}

void ChangeView::mark(const QString& words) {
    if (m_marked == words) return;
    m_marked = words;
    showMarks();
}

void ChangeView::write() {
    m_places.clear();
    m_at = -1;
    clear();
    document()->setDocumentMargin(Theme::instance().px(margin));
    QTextCursor cursor(document());
    if (m_shows == Shows::changes) {
        writeChanges();
    } else {
        cursor.insertText(qtText(m_shows == Shows::clean ? m_change.clean : m_change.raw), formatOf(Role::text));
    }
    if (!m_change.whole) {
        cursor.movePosition(QTextCursor::End);
        cursor.insertText(QStringLiteral("\n") + tr("Only the beginning of this document is shown."), formatOf(Role::muted));
    }
    moveCursor(QTextCursor::Start);
    showMarks();
}

void ChangeView::writeChanges() {
    const QTextCharFormat plain = formatOf(Role::text);
    QTextCharFormat out = formatOf(Role::wrong, Role::wrongBackground), in = formatOf(Role::text);
    out.setFontStrikeOut(true);
    in.setFontUnderline(true);
    in.setUnderlineColor(Theme::instance().color(Role::right));
    in.setFontWeight(QFont::Bold);
    QTextCursor cursor(document());
    const std::string_view raw = m_change.raw;
    std::size_t at = 0;
    cursor.beginEditBlock();
    for (const TextEdit& edit : m_change.edits) {
        cursor.insertText(qtText(raw.substr(at, edit.begin - at)), plain);
        m_places.push_back({cursor.position(), 0, edit.rule});
        QString removed = visibleText(raw.substr(edit.begin, edit.end - edit.begin));
        const bool lineStays = edit.text == "\n";  // an end of a line that became another one is one, not two
        if (lineStays && removed.endsWith(QLatin1Char('\n'))) removed.chop(1);
        cursor.insertText(removed, out);
        cursor.insertText(lineStays ? QStringLiteral("\n") : visibleText(edit.text), in);
        m_places.back().to = cursor.position();
        at = edit.end;
    }
    cursor.insertText(qtText(raw.substr(at)), plain);
    cursor.endEditBlock();
}

void ChangeView::showMarks() {
    QList<QTextEdit::ExtraSelection> marks;
    constexpr int mostMarks = 500;
    if (!m_marked.isEmpty())
        for (QTextCursor found = document()->find(m_marked, 0, QTextDocument::FindCaseSensitively);
             !found.isNull() && marks.size() < mostMarks; found = document()->find(m_marked, found, QTextDocument::FindCaseSensitively)) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = found;
            mark.format.setBackground(Theme::instance().color(Role::selection));
            marks.append(mark);
        }
    setExtraSelections(marks);
    if (marks.isEmpty()) return;
    QTextCursor first = marks.first().cursor;
    first.clearSelection();
    setTextCursor(first);
    ensureCursorVisible();
}

bool ChangeView::goToNextPlace(int rule, bool round) {
    const int count = static_cast<int>(m_places.size());
    for (int step = 1; step <= count; ++step) {
        const int next = (m_at + step + count) % count;
        if (!round && next <= m_at) return false;
        const Place& place = m_places[static_cast<std::size_t>(next)];
        if (rule >= 0 && place.rule != rule) continue;
        m_at = next;
        QTextCursor cursor(document());
        cursor.setPosition(place.to);
        cursor.setPosition(place.from, QTextCursor::KeepAnchor);
        setTextCursor(cursor);
        ensureCursorVisible();
        return true;
    }
    return false;
}

void ChangeView::changeEvent(QEvent* event) {
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) setAccessibleName(tr("The chosen document"));
}

}  // namespace lab
