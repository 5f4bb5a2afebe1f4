#pragma once

#include <QDialog>

class QLineEdit;
class QListWidget;
class QTextBrowser;

namespace lab {

/// The page on formats and commands (resources/help/formats.md), to be read beside the work: its sections at the left, and a search.
class FormatsReader : public QDialog {
    Q_OBJECT

public:
    explicit FormatsReader(QWidget* parent = nullptr);

    QTextBrowser& text() const { return *m_text; }
    QListWidget& sections() const { return *m_sections; }
    QLineEdit& search() const { return *m_search; }

private:
    void arrange();
    void write();
    void style();
    void listSections();
    void goTo(int section);
    void findNext();

    QListWidget* m_sections;
    QTextBrowser* m_text;
    QLineEdit* m_search;
};

}  // namespace lab
