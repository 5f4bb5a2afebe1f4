#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <mutex>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/end_signals.h"
#include "app/commands/painter.h"
#include "app/commands/token_file.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"
#include "server/http/listener.h"
#include "server/routes/front_desk.h"
#include "server/service/service.h"

namespace lab {
namespace {

const std::string usualAddress = "127.0.0.1:" + std::to_string(server::usualPort);

struct Address {
    std::string host;
    std::uint16_t port = 0;
};

/// "127.0.0.1:8127", "[::1]:0".
Address addressOf(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    const auto port = colon == text.npos ? std::nullopt : parseInteger(text.substr(colon + 1));
    if (!port || *port < 0 || *port > 65535) throw UsageError("--listen is ADDRESS:PORT, as in " + usualAddress + ", not '" + text + "'");
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    return {host, static_cast<std::uint16_t>(*port)};
}

/// Nobody but this user can read it, and it is never there without its token.
void writeToken(const std::filesystem::path& file, const std::string& token) {
    const mode_t before = umask(077);
    try {
        replaceFile(file, {token, "\n"});
    } catch (...) {
        umask(before);
        throw;
    }
    umask(before);
}

struct Secret {
    std::filesystem::path file;
    std::string token;
};

/// The one that --token-file names; else the one of the folder, made when there is none.
Secret secretOf(const Arguments& arguments, const std::filesystem::path& folder) {
    if (const auto file = arguments.path("--token-file")) return {*file, readToken(*file)};
    const std::filesystem::path file = folder / "token";
    if (!std::filesystem::exists(file)) writeToken(file, server::newToken());
    return {file, readToken(file)};
}

std::filesystem::path folderOf(const Arguments& arguments) {
    const std::filesystem::path folder = arguments.path("--data").value_or("attention-lab-served");
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw InputError(utf8Text(folder), Message::verbatim(error.message()));
    return folder;
}

void logLine(const server::Request& request, int status) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    char time[32];
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &parts);
    std::fprintf(stderr, "%s %s %s %d\n", time, request.method.c_str(), request.path.c_str(), status);
}

int serve(const Arguments& arguments) {
    arguments.limitPositionals(0);
    const Address address = addressOf(arguments.value("--listen").value_or(usualAddress));
    const bool loopback = server::isLoopback(address.host);
    if (!loopback && !arguments.has("--token-file"))
        throw UsageError("--listen " + address.host + " can be reached from other computers: give a --token-file");
    const std::filesystem::path folder = folderOf(arguments);
    const FileLock lock(folder / "lock");
    if (!lock.isHeld()) throw InputError(utf8Text(folder), LAB_TEXT("commands", "another server keeps its runs there"));
    const Secret secret = secretOf(arguments, folder);

    const Canvas canvas;
    const EndSignals endSignals;
    Painter painter;
    server::ServiceOptions options{.folder = folder, .pictures = &painter};
    options.jobs = arguments.integer("--jobs", options.jobs, 1);
    options.leases.length = std::chrono::seconds(arguments.integer("--lease", static_cast<int>(options.leases.length.count()), 1));
    options.complain = [](const std::string& what) { std::fprintf(stderr, "warning: %s\n", what.c_str()); };
    server::Service service(options);
    const bool quiet = arguments.has("--quiet");
    server::FrontDesk desk(service, {loopback, secret.token}, quiet ? server::FrontDesk::Log() : logLine);
    {
        const server::Listener listener({.address = address.host, .port = address.port, .spool = service.spool(), .workers = 2}, desk);
        const std::string host = address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
        std::printf("http://%s:%d\ntoken: %s\n", host.c_str(), listener.port(), utf8Text(secret.file).c_str());
        std::fflush(stdout);
        QApplication::exec();
        service.end();
        painter.close();
    }
    return exitDone;
}

}  // namespace

Command serveCommand() {
    Command command;
    command.name = "serve";
    command.summary = "Train, watch and write over HTTP.";
    command.synopses = {"[--listen ADDRESS:PORT] [--token-file FILE] [--data FOLDER] [--jobs N] [--lease SECONDS] [--quiet]"};
    command.options = {
        {"--listen", "ADDRESS:PORT", usualAddress + " when not given, which only this computer can reach; port 0 takes one that is free",
         false},
        {"--token-file", "FILE", "holds the token that every request has to carry; when not given, one is made in the folder of --data",
         false, FileUse::read},
        {"--data", "FOLDER", "keeps runs, sweeps and data; attention-lab-served when not given", false},
        {"--jobs", "N", "so many runs train at the same time, the others wait; 4 when not given", false},
        {"--lease", "SECONDS", "rows of a sweep go to another worker when theirs is silent for so long; 60 when not given", false},
        {"--quiet", "", "no line a request", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "Prints the address and where the token is, and serves until it is interrupted; runs go on where they were when it is started\n"
        "again. GET /openapi.json says all that can be asked for. Encryption is a reverse proxy\u2019s business.";
    command.run = serve;
    return command;
}

}  // namespace lab
