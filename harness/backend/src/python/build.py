# build.py FOLDER REQUIREMENTS: a virtual environment with what a file requires. `complete` is written last of all.
import subprocess, venv

folder, requirements = sys.argv[1:]
if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0])
try:
    venv.create(folder, with_pip=True, symlinks=True)
except (subprocess.CalledProcessError, ImportError) as failure:
    sys.exit(f"{failure}\nthis Python cannot make virtual environments; Debian and Ubuntu have that in python3-venv")
pip = [folder + "/bin/python", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
done = subprocess.run(pip + ["--only-binary=:all:", "--require-hashes", "-r", requirements], stdin=subprocess.DEVNULL)
if done.returncode:
    sys.exit(done.returncode)
shutil.copyfile(requirements, folder + "/complete")
